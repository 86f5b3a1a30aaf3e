"""The kinds of parameters that have a dialog of their own."""

from PySide6.QtWidgets import QWidget

from app.domain.parameters.kinds import Kind
from app.services.program.core import Core
from app.ui.parameters.dialogs.bias_dialog import BiasDialog, Target
from app.ui.parameters.dialogs.format_dialog import FormatDialog
from app.ui.parameters.dialogs.tools_dialog import ToolsDialog


def make_dialog(
    kind: Kind, core: Core, target: Target, parent: QWidget
) -> ToolsDialog | FormatDialog | BiasDialog:
    """The dialog of a kind; `target` tells who will answer. Raises ValueError for other kinds."""
    match kind:
        case Kind.FUNCTIONS:
            return ToolsDialog(core, parent)
        case Kind.FORMAT:
            return FormatDialog(core, parent)
        case Kind.BIAS:
            return BiasDialog(core, target, parent)
        case _:
            raise ValueError(f"no dialog for {kind}")
