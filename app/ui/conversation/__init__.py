"""The conversation in view: pane, messages' actions, model and parameters, find bar."""
