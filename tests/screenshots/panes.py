"""The header and the panes: titles of several lengths and scripts, the menu, renaming, drawers."""

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMenu

from tests.screenshots.studio import Studio

#: Sizes of the window in which panes and header are drawn.
PANE_SIZES = ((1280, 800), (900, 640), (899, 640), (480, 720))
TITLES = {
    "short": "Plant a loquat tree",
    "long": "A very long title that goes on and on, well beyond forty-eight characters and further",
    "arabic": "كيف أزرع شجرة لوكات في الحديقة الصغيرة خلف البيت القديم في القرية",
    "emoji": "家族 👨‍👩‍👧‍👦 の旅行と、とても長い題名のついた会話を、最後まで読む",
}


async def draw_panes(application: QApplication, theme: str, directory: Path) -> None:
    """Draw each state in each size."""
    with tempfile.TemporaryDirectory() as data:
        studio = Studio(Path(data), application, theme, "http://127.0.0.1:9/api/v1", panel=False)
        window = studio.window
        window.show()
        for size in PANE_SIZES:
            window.resize(*size)
            await _draw_size(studio, directory, size[0])
        window.close()
        await studio.core.close()
        window.deleteLater()


async def _draw_size(studio: Studio, directory: Path, width: int) -> None:
    window, main_window = studio.window, studio.main_window

    async def shoot(state: str) -> None:
        await studio.settle()
        studio.shoot(directory, f"50-{state}-{width}", window)

    main_window.new_conversation()
    await shoot("first")
    for name, title in TITLES.items():
        held = studio.core.conversations.create(
            provider="scripted", model="deepseek/deepseek-v4-pro", title=title
        )
        main_window.open_conversation(held.id)
        await shoot(f"title-{name}")
    main_window.in_view.set_values({"temperature": 0.5, "top_p": 0.3, "seed": 3})
    main_window.rename()
    await shoot("rename")
    window.pane.header.end_rename(keep=False)
    window.pane.header.menu.click()
    [menu] = window.pane.header.menu.findChildren(QMenu)
    await studio.settle()
    studio.shoot(directory, f"50-menu-{width}", menu)
    menu.close()
    window.toggle_panel()
    await shoot("panel")
    window.toggle_panel()
    if window.panes.is_narrow:
        window.toggle_sidebar()
        await shoot("sidebar")
        window.panes.close_drawer()
