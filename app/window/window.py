"""MainWindow: pages, menus and shortcuts; layout and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt5.QtCore import QEvent, QMimeData, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QKeySequence, QResizeEvent
from PyQt5.QtWidgets import (
    QAction,
    QActionGroup,
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QUndoGroup,
    QWidget,
)

from app.window import file_dialogs, focus, help_pages
from app.window.actions import ACTIONS, HOMEWORK, STOP_HOMEWORK
from app.window.findable import everything
from app.window.held_keys import HeldKeys
from app.window.palette import Palette
from app.window.tab_memory import TabMemory
from engine.experiments import EXPERIMENTS
from engine.scenes import scenes
from widgets.page.experiment_page import ExperimentPage
from widgets.page.lecture_panel import LecturePanel
from widgets.page.rail import Rail, RailEntry
from widgets.page.side_dock import Fold
from widgets.pages import PAGES
from widgets.style.plain_text import plain_tip
from widgets.style.theme import THEMES, Theme

MOST_RECENT = 8
FITTING_MILLISECONDS = 150  # without another size, before the letters follow


class MainWindow(QMainWindow):
    """The rail, one page an experiment, and the menus."""

    page_changed = pyqtSignal(str)
    theme_changed = pyqtSignal(object)  # the theme that is chosen; None follows the system
    theme_outgrown = pyqtSignal(object)  # the window has another height, which takes its theme in this size
    file_requested = pyqtSignal(str)
    save_requested = pyqtSignal(str)  # a file's name; "" for the one that is known already
    picture_pasted = pyqtSignal(object)  # QImage
    text_pasted = pyqtSignal(str)  # cells of a spreadsheet, or a file's name
    share_requested, copy_picture_requested = pyqtSignal(), pyqtSignal()
    copy_line_requested, copy_code_requested, copy_report_requested = pyqtSignal(), pyqtSignal(), pyqtSignal()
    lecture_requested, chapter_requested = pyqtSignal(), pyqtSignal(int)
    next_chapter_requested, previous_chapter_requested = pyqtSignal(), pyqtSignal()
    presenter_requested, blank_requested = pyqtSignal(), pyqtSignal()
    freeze_requested, spot_requested = pyqtSignal(), pyqtSignal()
    homework_requested = pyqtSignal(str)  # the folder that the files go to
    homework_stop_requested, closing = pyqtSignal(), pyqtSignal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Fall Line")
        self.setObjectName("main_window")
        self.resize(1280, 720)
        self.setAcceptDrops(True)
        self._theme = theme
        self._writes_homework = self._is_presenting = False
        self.escapes: list[Callable[[], bool]] = [self._leave_what_is_in_front]  # by Escape
        self._pages = {name: self._new_page(name) for name in EXPERIMENTS}
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._rail = Rail([RailEntry(name, entry.label, entry.icon) for name, entry in EXPERIMENTS.items()])
        self._rail.page_requested.connect(self.show_page)
        self._rail.lecture_requested.connect(self.lecture_requested)
        self.lecture_panel = LecturePanel()
        body = QWidget()
        layout = QHBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._rail)
        layout.addWidget(self.lecture_panel)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(body)
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.setInterval(FITTING_MILLISECONDS)
        self._fitting.timeout.connect(self._fit_theme)
        self.undo_group = QUndoGroup(self)  # of the pages' stacks; that of the page in front is active
        self.recent_files: list[str] = []
        self._actions = self._make_menus()
        self._show_recent()
        self.undo_group.undoTextChanged.connect(lambda text: self._actions["undo"].setText(f"&Undo {text}".rstrip()))
        self.undo_group.redoTextChanged.connect(lambda text: self._actions["redo"].setText(f"&Redo {text}".rstrip()))
        once = [action for action in self._actions.values() if not action.autoRepeat()]
        self._tab_memory = TabMemory(self, lambda: self.page)
        self._held_keys = HeldKeys(self, [keys for action in once for keys in action.shortcuts()])
        self.addActions(list(self._actions.values()))  # their keys hold without the menus, too
        self.set_theme(theme)

    @property
    def theme(self) -> Theme:
        """What everything is dressed in."""
        return self._theme

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
        self.page.setFocus()  # no control has it until Tab or a click gives it one: every key does what F1 says
        self._tab_memory.forget()
        self.page_changed.emit(experiment)

    def show_lecture(self, is_shown: bool) -> None:
        """Put the lecture beside the page, or give the page its room back."""
        self.lecture_panel.setVisible(is_shown)
        self._rail.show_lecture(is_shown)
        self.page.setFocus()

    def show_homework(self, is_being_written: bool) -> None:
        """The menu's entry for the homework stops it while it is being written."""
        self._writes_homework = is_being_written
        self._actions["homework"].setText(STOP_HOMEWORK if is_being_written else HOMEWORK)

    def set_theme(self, theme: Theme, follows_system: bool = False) -> None:
        """Dress everything in this theme, which is the person's choice or the system's."""
        self._theme = theme
        self._actions["theme_system" if follows_system else f"theme_{theme.name}"].setChecked(True)
        self._rail.set_theme(theme)
        self.lecture_panel.set_theme(theme)
        for page in self._pages.values():
            page.set_theme(theme)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
        if self._theme.fitted(self.height()) != self._theme:
            self._fitting.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.WindowStateChange:
            self._make_room()

    def _make_room(self) -> None:
        """Before an audience there are no menus and no panels; the words under the icons go where there is no room."""
        is_presented = self._is_presenting or (self.isFullScreen() and self._theme.name == "projector")
        self.menuBar().setVisible(not is_presented)
        self._rail.setVisible(not self._is_presenting)
        widest = max(page.width_with_panels(self.height()) for page in self._pages.values())
        self._rail.show_words(not is_presented and self.width() >= widest + self._rail.width_with_words())
        for page in self._pages.values():
            page.present(is_presented)

    def _fit_theme(self) -> None:
        fitted = self._theme.fitted(self.height())
        if fitted != self._theme:
            self.theme_outgrown.emit(fitted)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        # comes here before a shortcut is taken, unless the control that has the focus took it for itself
        if event.type() == QEvent.ShortcutOverride and focus.belongs_to(self.focusWidget(), event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, goes_on: bool) -> bool:
        return self._tab_memory.move(goes_on, super().focusNextPrevChild)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no control has taken: Return; and Escape, which leaves a control, panels in front, then full screen."""
        control = self.focusWidget()
        if event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() in focus.ENTER and focus.enter(control):
            event.accept()
        elif event.key() == Qt.Key_Escape and control is not self.page:
            self.page.setFocus()
        elif event.key() != Qt.Key_Escape or not any(leave() for leave in self.escapes):
            super().keyPressEvent(event)

    def _leave_what_is_in_front(self) -> bool:
        if self.page.dock.fold is Fold.OVERLAY:
            self.page.toggle_panels()
        elif self.page.prediction.isVisible():
            self.page.prediction.end()
        elif self.isFullScreen() and not self._is_presenting:
            self._full_screen()
        else:
            return False
        return True

    def present(self, is_presented: bool) -> None:
        """Fill the screen with the picture, before an audience; or leave that."""
        self._is_presenting = is_presented
        if is_presented != self.isFullScreen():
            self._full_screen()
        self._make_room()

    def _new_page(self, experiment: str) -> ExperimentPage:
        own = [spec for spec in scenes().values() if spec.experiment == experiment]
        page = ExperimentPage(experiment, EXPERIMENTS[experiment].settings, own, PAGES[experiment])
        page.panels_wanted.connect(self._want_panels)
        return page

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
            action.setAutoRepeat(row.repeats)
            action.triggered.connect(self._method(row.name))
            if row.name.startswith("theme_"):
                action.setCheckable(True)
                themes.addAction(action)
            actions[row.name] = action
            if row.name == "open_folder":
                self._recent = menus[row.menu].addMenu("Open &recent")
                self._recent.setToolTipsVisible(True)
        return actions

    def _method(self, name: str) -> Callable[[], None]:
        if name.startswith("theme_"):
            return lambda: self.theme_changed.emit(THEMES.get(name.removeprefix("theme_")))
        if name.startswith("page_"):
            return lambda: self.show_page(list(EXPERIMENTS)[int(name.removeprefix("page_")) - 1])
        if hasattr(self, f"_{name}"):
            return getattr(self, f"_{name}")
        return lambda: getattr(self, f"{name}_requested").emit()

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
        elif data.hasText() and data.text().strip() and (self.experiment == "regression" or not data.hasImage()):
            self.text_pasted.emit(data.text())  # spreadsheets put a picture of the cells beside their text
        elif data.hasImage():
            self.picture_pasted.emit(QImage(data.imageData()))
        else:
            self.page.show_problem(
                "There is nothing to paste: copy a picture, cells of a spreadsheet, or a file first."
            )

    def _open(self) -> None:
        file_dialogs.ask_for_file(self, self.file_requested.emit)

    def ask_where_to_save(self) -> None:
        """Ask for the name of a file for the runs."""
        file_dialogs.ask_where_to_save(self, self.save_requested.emit)

    def remember_file(self, path: str) -> None:
        """Offer a recording in the menu from now on."""
        self.recent_files = [path, *(other for other in self.recent_files if other != path)][:MOST_RECENT]
        self._show_recent()

    def show_recent(self, paths: Sequence[str]) -> None:
        """The recordings that the menu offers."""
        self.recent_files = list(paths)[:MOST_RECENT]
        self._show_recent()

    def _show_recent(self) -> None:
        self._recent.clear()
        for path in self.recent_files:
            entry = self._recent.addAction(path.rpartition("/")[2].replace("&", "&&"))
            entry.setToolTip(plain_tip(path))
            entry.triggered.connect(lambda _, path=path: self.file_requested.emit(path))
        self._recent.menuAction().setVisible(bool(self.recent_files))

    def _save(self) -> None:
        self.save_requested.emit("")

    def _save_as(self) -> None:
        self.ask_where_to_save()

    def _open_folder(self) -> None:
        file_dialogs.ask_for_pictures(self, self.file_requested.emit)

    def _homework(self) -> None:
        if self._writes_homework:
            self.homework_stop_requested.emit()
            return
        self.show_page("painting")
        file_dialogs.ask_where_the_homework_goes(self, self.homework_requested.emit)

    def _find(self) -> None:
        Palette(everything(self, self._actions), self._theme.scale, self).show()

    def _paste(self) -> None:
        self._take(QApplication.clipboard().mimeData())

    def _quit(self) -> None:
        self.close()

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowFullScreen)

    def _panels(self) -> None:
        self.page.toggle_panels()

    def show_panels(self) -> None:
        """Have the panels beside the picture, or over its edge, where they were folded away."""
        if self.page.dock.fold is Fold.FOLDED:
            self.page.toggle_panels()

    def _want_panels(self, are_wanted: bool) -> None:
        for page in self._pages.values():
            page.want_panels(are_wanted)

    def _play_or_pause(self) -> None:
        self.page.toggle_play()

    def _one_step(self) -> None:
        self.page.step_requested.emit()

    def _one_epoch(self) -> None:
        self.page.epoch_requested.emit()

    def _start_over(self) -> None:
        self.page.start_over()

    def _step_back(self) -> None:
        self.page.step_back_requested.emit(False)

    def _epoch_back(self) -> None:
        self.page.step_back_requested.emit(True)

    def _first_moment(self) -> None:
        self.page.first_moment_requested.emit()

    def _present(self) -> None:
        self.page.present_requested.emit()

    def _undo(self) -> None:
        self.undo_group.undo()

    def _redo(self) -> None:
        self.undo_group.redo()

    def _bring_back(self) -> None:
        self.page.bring_back_requested.emit()

    def _predict(self) -> None:
        self.page.predict()

    def _rate_down(self) -> None:
        self.page.nudge("learning_rate", -1)

    def _rate_up(self) -> None:
        self.page.nudge("learning_rate", +1)

    def _depth_down(self) -> None:
        self.page.nudge("depth", -1)

    def _depth_up(self) -> None:
        self.page.nudge("depth", +1)

    def _keys(self) -> None:
        help_pages.show_keys(self)

    def _about(self) -> None:
        help_pages.show_about(self)


def _dropped(data: QMimeData) -> str:
    """The first local file or folder among what is dropped or pasted, or nothing."""
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")
