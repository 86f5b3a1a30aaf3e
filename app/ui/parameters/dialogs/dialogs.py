"""The kinds of parameters that have a dialog of their own."""

from PySide6.QtWidgets import QWidget

from app.domain.parameters.kinds import ParameterKind
from app.services.program.core import Core
from app.ui.parameters.dialogs.bias_dialog import BiasDialog, Target
from app.ui.parameters.dialogs.format_dialog import FormatDialog
from app.ui.parameters.dialogs.tools_dialog import ToolsDialog


def make_dialog(
    kind: ParameterKind, core: Core, target: Target, parent: QWidget
) -> ToolsDialog | FormatDialog | BiasDialog:
    """The dialog of a kind; `target` tells who will answer. Raises ValueError for other kinds."""
    match kind:
        case ParameterKind.FUNCTIONS:
            return ToolsDialog(core, parent)
        case ParameterKind.FORMAT:
            return FormatDialog(core, parent)
        case ParameterKind.BIAS:
            return BiasDialog(core, target, parent)
        case _:
            raise ValueError(f"no dialog for {kind}")
