"""The kinds of parameters that have a dialog of their own."""

from collections.abc import Mapping

from app.domain.parameter_kinds import Kind
from app.ui.parameters.format_dialog import FormatDialog
from app.ui.parameters.tools_dialog import ToolsDialog

DIALOGS: Mapping[Kind, type[ToolsDialog] | type[FormatDialog]] = {
    Kind.FUNCTIONS: ToolsDialog,
    Kind.FORMAT: FormatDialog,
}
