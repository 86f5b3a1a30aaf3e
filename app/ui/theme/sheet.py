"""The one style sheet of the program, for details that Fusion and a palette cannot express. It is
short because Qt matches each rule against each widget at start."""

from collections.abc import Callable

from app.ui.theme.colours import Colours

#: Side of an icon on a button or in a menu, in pixels at a text size of 100 %.
ICON = 18
#: Lengths of the style sheet by their names there, in pixels at a text size of 100 %.
_LENGTHS = {"title": 15, "icon": ICON, "round": 16, "arrow": 22}

_SHEET = """
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px 6px; }}
QWidget#sidebar, QWidget#panel, QWidget#panelContents {{ background: {side}; }}
QListView#models {{ background: {side}; border: 1px solid {line}; border-radius: 6px; }}
QListView#conversations {{ background: {side}; border: none; }}
QScrollArea {{ border: none; background: transparent; }}
QFrame#composer {{ background: {raised}; border: 1px solid {control}; border-radius: 12px; }}
QFrame#answers {{ background: {side}; border: 1px solid {line}; border-radius: 12px; }}
QFrame#answers QScrollArea > QWidget > QWidget {{ background: {side}; }}
QPlainTextEdit#message {{ background: transparent; border: none; }}
QToolButton {{ border: none; border-radius: 6px; padding: 5px; background: transparent;
  icon-size: {icon}px; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:focus {{ border: 2px solid {accent}; padding: 3px; }}
QPushButton {{ background: {raised}; border: 1px solid {control}; border-radius: 6px;
  padding: 5px 12px; icon-size: {icon}px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 4px 11px; }}
QPushButton:disabled {{ color: {control}; border-color: {line}; }}
QPushButton#primary {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton#primary:disabled {{ background: {hover}; color: {muted}; border-color: {line}; }}
QPushButton#primary:focus {{ border: 2px solid {text}; padding: 4px 11px; }}
QPushButton#flat {{ border-color: transparent; background: transparent; text-align: left;
  padding: 6px 8px; }}
QPushButton#flat:hover {{ background: {hover}; }}
QPushButton#line {{ border: none; border-bottom: 2px solid transparent; background: transparent;
  text-align: left; padding: 1px 0 0 0; color: {link}; }}
QPushButton#line:hover {{ border-bottom-color: {line}; }}
QPushButton#line:focus {{ border-bottom-color: {accent}; }}
QPushButton#flat:focus {{ border: 2px solid {accent}; padding: 5px 7px; }}
QLineEdit, QComboBox, QSpinBox, QPlainTextEdit#json, QPlainTextEdit#system {{
  background: {raised}; border: 1px solid {control}; border-radius: 6px; padding: 3px 6px;
  selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus,
QPlainTextEdit#json:focus, QPlainTextEdit#system:focus {{
  border: 2px solid {accent}; padding: 2px 5px; }}
QComboBox::drop-down {{ border: none; width: {arrow}px; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {line}; outline: none; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 0; }}
QComboBox QLineEdit, QComboBox QLineEdit:focus {{
  border: none; padding: 0; background: transparent; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{
  border: none; padding: 0; background: transparent; }}
QToolButton#float {{ background: {raised}; border: 1px solid {control}; border-radius: {float}px; }}
QToolButton#float:hover {{ background: {hover}; }}
QLabel#muted {{ color: {muted}; }}
QLabel#warning {{ color: {warning}; }}
QLabel#status {{ background: {side}; color: {muted}; border: 1px solid {line}; }}
QLabel#heading {{ font-weight: 600; }}
QLabel#title {{ font-weight: 600; font-size: {title}px; }}
QFrame#banner {{ background: {warning_base}; border-radius: 8px; }}
QFrame#toast {{ background: {raised}; border: 1px solid {control}; border-radius: 8px; }}
QFrame#toast QPushButton {{ color: {link}; background: transparent; border-color: transparent; }}
QFrame#toast QPushButton:hover {{ background: {hover}; }}
QFrame#toast QPushButton:focus {{ border-color: {accent}; }}
QFrame#popover {{ background: {raised}; border: 1px solid {control}; border-radius: 8px; }}
QFrame#popover QListWidget {{ background: {raised}; border: none; padding: 0; }}
QListWidget {{ background: {side}; border: 1px solid {line}; border-radius: 6px; padding: 4px; }}
QListWidget::item {{ padding: 6px; border-radius: 4px; }}
QListWidget::item:selected, QTreeWidget::item:selected {{ background: {selected}; color: {text}; }}
QTreeWidget {{ background: {side}; border: 1px solid {line}; border-radius: 6px; }}
QTreeWidget:focus {{ border: 1px solid {accent}; }}
QTreeWidget::item {{ padding: 3px; }}
QTableView {{ background: {base}; border: 1px solid {line}; gridline-color: {line}; }}
QHeaderView, QHeaderView::section {{ background: {side}; border: none; padding: 4px; }}
QSplitter::handle {{ background: {line}; }}
QMenu {{ background: {raised}; border: 1px solid {line}; padding: 4px; icon-size: {icon}px; }}
QPushButton::menu-indicator {{ image: none; width: 20px; }}
QMenu#menu {{ border-radius: 8px; }}
QMenu::item {{ padding: 7px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selected}; color: {text}; }}
QMenu::item:disabled {{ color: {control}; }}
QMenu::separator {{ background: {line}; height: 1px; margin: 4px 8px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {line}; }}
QTabBar::tab {{ color: {muted}; padding: 8px 12px; border-bottom: 2px solid transparent; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar#faces {{ background: {hover}; border-radius: 8px; }}
QTabBar#faces::tab {{ border: 1px solid transparent; border-radius: 6px; margin: 2px;
  padding: 0 8px; }}
QTabBar#faces::tab:selected {{ background: {raised}; border-color: {control}; }}
QTabBar#faces::tab:selected:focus {{ border: 2px solid {accent}; }}
QScrollBar {{ background: transparent; }}
QScrollBar:vertical {{ width: 12px; }}
QScrollBar:horizontal {{ height: 12px; }}
QScrollBar::handle {{ background: {scroll}; border-radius: 2px; margin: 4px; }}
QScrollBar::handle:hover {{ background: {control}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:disabled, QScrollBar::add-page, QScrollBar::sub-page {{
  background: transparent; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QPushButton#send, QPushButton#stop {{ border-radius: {round}px; padding: 0; }}
QPushButton#send {{ background: {accent}; border: none; }}
QPushButton#send:hover {{ background: {link}; }}
QPushButton#send:disabled {{ background: {hover}; }}
QPushButton#send:focus, QPushButton#stop:focus {{ border: 2px solid {text}; padding: 0; }}
QFrame#queue {{ background: {side}; border: 1px solid {line}; border-radius: 12px; }}
QFrame#queue QScrollArea > QWidget > QWidget {{ background: {side}; }}
QFrame#messageEditor {{ background: {raised}; border: 2px solid {control}; border-radius: 12px; }}
QFrame#state {{ background: {warning_base}; border: none; }}
QFrame#conflicts {{ background: {side}; border: 1px solid {line}; border-radius: 12px; }}
QFrame#explanation {{ background: {raised}; border: 1px solid {control}; border-radius: 8px; }}
"""


def sheet_for(colours: Colours, scaled: Callable[[int], int]) -> str:
    """Return the style sheet with the colours of a set, and with the sizes of fonts and icons
    that `scaled` makes of pixels at a text size of 100 %."""
    lengths = {name: scaled(pixels) for name, pixels in _LENGTHS.items()}
    # Half the height of the floating button, which is an icon with 9 pixels around it.
    lengths["float"] = lengths["icon"] // 2 + 9
    return _SHEET.format(**colours._asdict(), **lengths)
