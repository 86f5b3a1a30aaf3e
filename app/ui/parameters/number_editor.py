"""The editor of a number: a slider where the table gives it a length, and a field."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Kind, Parameter
from app.domain.parameters.slider_scales import Scale
from app.domain.text.translation import _
from app.ui.parameters.editor import Editor
from app.ui.parameters.slider import ValueSlider
from app.ui.parameters.steps import COARSE, Size, Stepping

#: Places of a slider whose scale isn't even: finer than any screen shows.
PLACES = 1000


class NumberField(QLineEdit):
    """A number as text: exact entry; arrow keys for steps, Shift for fine ones, Ctrl and the
    page keys for ten."""

    stepped = Signal(int, Size)

    def __init__(self) -> None:
        super().__init__()
        self._stepping = Stepping(sideways=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := self._stepping.of_key(event):
            self.stepped.emit(*step)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only while the field has the keyboard's focus: else the panel scrolls."""
        if step := self._stepping.of_wheel(event, focused=self.hasFocus()):
            self.stepped.emit(*step)


class NumberEditor(Editor):
    """A slider where the range has two ends or a scale, and a field for exact entry."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._value: float | None = None
        self._scale = _scale_of(parameter)
        self._field = NumberField()
        self._field.setPlaceholderText(_("default"))
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._field.setFixedWidth(92)
        self._name(self._field)
        # Not textEdited: what a screen reader or an input tool puts there counts as typed.
        self._field.textChanged.connect(self._take_field)
        self._field.stepped.connect(self._step)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._slider = None if self._scale is None else self._make_slider(self._scale)
        if self._slider is not None:
            layout.addWidget(self._slider, 1)
        else:
            self.is_small = True
        layout.addWidget(self._field)

    def control(self) -> QWidget:
        return self._field

    def show_value(self, value: Json | None) -> None:
        with QSignalBlocker(self._field):
            self._field.setText("" if value is None else self._parameter.format(value))
        self._place_slider(value)

    def show_description(self, words: str) -> None:
        super().show_description(words)
        if self._slider is not None:
            self._slider.setAccessibleDescription(words)

    def _make_slider(self, scale: Scale) -> ValueSlider:
        parameter = self._parameter
        slider = ValueSlider()
        slider.setRange(0, PLACES if parameter.scale is not None else _steps(parameter))
        slider.setAccessibleName(_("{label} slider").format(label=parameter.label))
        slider.setAccessibleDescription(parameter.help)
        start = parameter.start if parameter.neutral is None else parameter.neutral
        slider.setSliderPosition(round(scale.share(start) * slider.maximum()))
        if parameter.neutral is not None:
            slider.put_tick(slider.value())
        slider.valueChanged.connect(self._take_slider)
        slider.stepped.connect(self._step)
        slider.reset_wanted.connect(self.reset_wanted)
        return slider

    def _place_slider(self, value: Json | None) -> None:
        self._value = value
        slider, scale = self._slider, self._scale
        if slider is None or scale is None:
            return
        where = value
        if where is None:
            start, neutral = self._parameter.start, self._parameter.neutral
            where = start if neutral is None else neutral
        with QSignalBlocker(slider):
            slider.setValue(round(scale.share(where) * slider.maximum()))
        slider.show_set(value is not None)

    def _take_field(self, text: str) -> None:
        value = self._take_text(text)
        if value is not None or not text.strip():
            self._place_slider(value)

    def _take_slider(self, place: int) -> None:
        if self._scale is None or self._slider is None:
            return
        parameter = self._parameter
        value = self._scale.value(place / self._slider.maximum())
        grain = parameter.step
        if parameter.scale is not None and parameter.fine:
            # A pixel may be finer than a step, but nobody wants 0.0437.
            grain = parameter.fine * 5
        self._tell(round(round(value / grain) * grain, 6))

    def _step(self, steps: int, size: Size) -> None:
        parameter = self._parameter
        try:
            value = parameter.parse(self._field.text())
        except ParameterError:
            value = parameter.start if parameter.neutral is None else parameter.neutral
        fine = parameter.fine or parameter.step
        far = {Size.FINE: fine, Size.PLAIN: parameter.step, Size.COARSE: parameter.step * COARSE}
        self._tell(self._stepped(value, steps * far[size]))

    def _stepped(self, value: float, far: float) -> float:
        """A value moved; what stands at a scale's far end is reached and left there alone."""
        end = None if self._scale is None else self._scale.end
        moved = round(value + far, 6)
        if self._scale is None or end is None:
            return moved
        least, most = self._scale.knots[0][1], self._scale.knots[-1][1]
        if value == end:
            return end if far > 0 else most
        return end if moved > most else max(moved, least)

    def _tell(self, value: float) -> None:
        """Take a value that a key or the slider asks for, brought into the range."""
        parameter = self._parameter
        low, high = parameter.low, parameter.high
        if low is not None:
            least = low + (parameter.fine or parameter.step) if parameter.above_low else low
            value = max(value, least)
        if high is not None:
            value = min(value, high)
        told = int(value) if parameter.kind is Kind.INTEGER else value
        if told == self._value:
            return
        self.show_value(told)
        self.complained.emit("")
        self.edited.emit(told)


def _steps(parameter: Parameter) -> int:
    return round(((parameter.high or 0) - (parameter.low or 0)) / parameter.step)


def _scale_of(parameter: Parameter) -> Scale | None:
    """The scale of a slider; None where a slider would have no ends, or no sensible ones."""
    if parameter.scale is not None:
        return parameter.scale
    low, high = parameter.low, parameter.high
    if low is None or high is None or _steps(parameter) > PLACES:
        return None
    return Scale(((0.0, low), (1.0, high)))
