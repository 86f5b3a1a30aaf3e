"""The least that a PySide6 program can show: the peer of `start` and `memory`."""

import sys

from PySide6.QtWidgets import QApplication, QWidget

if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    window = QWidget()
    window.resize(1280, 800)
    window.show()
    sys.exit(application.exec())
