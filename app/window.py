"""MainWindow: pages, menus and shortcuts; layout and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QMimeData, Qt, pyqtSignal
from PyQt5.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QImage, QKeySequence
from PyQt5.QtWidgets import (
    QAction,
    QActionGroup,
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QWidget,
)

from app.actions import ACTIONS, HOMEWORK, STOP_HOMEWORK
from app.opening import filters
from engine.experiments import EXPERIMENTS
from engine.spec import scenes
from widgets.experiment_page import ExperimentPage
from widgets.rail import Rail
from widgets.theme import THEMES, Theme


class MainWindow(QMainWindow):
    """The rail, one page an experiment, and the menus."""

    page_changed = pyqtSignal(str)
    theme_changed = pyqtSignal(object)
    file_requested = pyqtSignal(str)
    picture_pasted = pyqtSignal(object)  # QImage
    homework_requested = pyqtSignal(str)  # the folder that the files go to
    homework_stop_requested = pyqtSignal()
    closing = pyqtSignal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Fall Line")
        self.setObjectName("main_window")
        self.resize(1280, 720)
        self.setAcceptDrops(True)
        self._theme = theme
        self._writes_homework = False
        self._pages = {name: self._new_page(name) for name in EXPERIMENTS}
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._rail = Rail()
        self._rail.page_requested.connect(self.show_page)
        body = QWidget()
        layout = QHBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._rail)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(body)
        self._actions = self._make_menus()
        self.set_theme(theme)

    @property
    def page(self) -> ExperimentPage:
        """The page that is in front."""
        return self._stack.currentWidget()

    @property
    def experiment(self) -> str:
        """The name of the experiment whose page is in front."""
        return next(name for name, page in self._pages.items() if page is self.page)

    def page_of(self, experiment: str) -> ExperimentPage:
        """The page of an experiment, in front or not."""
        return self._pages[experiment]

    def show_page(self, experiment: str) -> None:
        """Bring an experiment's page to the front; the others go on as they are."""
        self._stack.setCurrentWidget(self._pages[experiment])
        self._rail.show_page(experiment)
        self.page_changed.emit(experiment)

    def show_homework(self, is_being_written: bool) -> None:
        """The menu's entry for the homework stops it while it is being written."""
        self._writes_homework = is_being_written
        self._actions["homework"].setText(STOP_HOMEWORK if is_being_written else HOMEWORK)

    def set_theme(self, theme: Theme) -> None:
        """Dress everything in this theme."""
        self._theme = theme
        self._actions[f"theme_{theme.name}"].setChecked(True)
        self._rail.set_theme(theme)
        for page in self._pages.values():
            page.set_theme(theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    def _new_page(self, experiment: str) -> ExperimentPage:
        own = [spec for spec in scenes().values() if spec.experiment == experiment]
        return ExperimentPage(experiment, EXPERIMENTS[experiment].settings, own)

    def _make_menus(self) -> dict[str, QAction]:
        menus: dict[str, QMenu] = {}
        actions = {}
        themes = QActionGroup(self)
        for row in ACTIONS:
            if row.menu not in menus:
                menus[row.menu] = self.menuBar().addMenu(row.menu)
            if row.separator_before:
                menus[row.menu].addSeparator()
            action = menus[row.menu].addAction(row.text)
            action.setObjectName(row.name)
            action.setShortcuts([QKeySequence(key) for key in row.keys])
            action.triggered.connect(self._method(row.name))
            if row.name.startswith("theme_"):
                action.setCheckable(True)
                themes.addAction(action)
            actions[row.name] = action
        return actions

    def _method(self, name: str) -> Callable[[], None]:
        if name.startswith("theme_"):
            return lambda: self.theme_changed.emit(THEMES[name.removeprefix("theme_")])
        if name.startswith("page_"):
            return lambda: self.show_page(list(EXPERIMENTS)[int(name.removeprefix("page_")) - 1])
        return getattr(self, f"_{name}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take(event.mimeData())

    def _take(self, data: QMimeData) -> None:
        path = _dropped(data)
        if path:
            self.file_requested.emit(path)
        elif data.hasImage():
            self.picture_pasted.emit(QImage(data.imageData()))
        else:
            self.page.show_problem("There is no picture to paste; copy one first, in a browser or an image program.")

    def _open(self) -> None:
        dialog = QFileDialog(self, "Open")
        dialog.setObjectName("open_dialog")
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.ExistingFile)
        dialog.setNameFilters(filters())
        dialog.fileSelected.connect(self.file_requested)
        dialog.open()

    def _open_folder(self) -> None:
        dialog = QFileDialog(self, "A folder of pictures, which one network paints")
        dialog.setObjectName("folder_dialog")
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.Directory)
        dialog.fileSelected.connect(self.file_requested)
        dialog.open()

    def _homework(self) -> None:
        if self._writes_homework:
            self.homework_stop_requested.emit()
            return
        self.show_page("painting")
        dialog = QFileDialog(self, "A folder for reference.png and the animations")
        dialog.setObjectName("homework_dialog")
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.Directory)
        dialog.setOption(QFileDialog.ShowDirsOnly)
        dialog.fileSelected.connect(self.homework_requested)
        dialog.open()

    def _paste(self) -> None:
        self._take(QApplication.clipboard().mimeData())

    def _quit(self) -> None:
        self.close()

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowFullScreen)

    def _play_or_pause(self) -> None:
        self.page.toggle_play()

    def _one_step(self) -> None:
        self.page.step_requested.emit()

    def _one_epoch(self) -> None:
        self.page.epoch_requested.emit()

    def _start_over(self) -> None:
        self.page.reset_requested.emit()

    def _rate_down(self) -> None:
        self.page.nudge("learning_rate", -1)

    def _rate_up(self) -> None:
        self.page.nudge("learning_rate", +1)

    def _depth_down(self) -> None:
        self.page.nudge("depth", -1)

    def _depth_up(self) -> None:
        self.page.nudge("depth", +1)

    def _keys(self) -> None:
        rows = [
            f"<tr><td style='padding:3px 24px 3px 0'><b>{' or '.join(row.keys)}</b></td>"
            f"<td style='padding:3px 0'>{row.text.replace('&', '')}</td></tr>"
            for row in ACTIONS
            if row.keys
        ]
        self._tell("All keys", f"<table>{''.join(rows)}</table>")

    def _about(self) -> None:
        self._tell(
            "About Fall Line",
            "<p><b>Fall Line</b> shows gradient descent: on cost landscapes, in a regression, and in a network that "
            "paints a picture.</p><p>Every picture is computed while you look, by TensorFlow.</p>"
            "<p>Free software under the GNU General Public License, version 3 or later.</p>",
        )

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.NoIcon, title, text, QMessageBox.Close, self)
        box.setObjectName("message")
        box.setAttribute(Qt.WA_DeleteOnClose)
        box.setTextFormat(Qt.RichText)
        box.open()


def _dropped(data: QMimeData) -> str:
    """The first local file or folder among what is dropped or pasted, or nothing."""
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")
