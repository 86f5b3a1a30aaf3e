"""The editor of a numeric parameter: a text field and, if the parameter has a range or scale, a
slider."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter, ParameterKind
from app.domain.parameters.slider_scales import SliderScale
from app.domain.text.translation import _
from app.ui.parameters.editor import Editor, fix_height
from app.ui.parameters.slider import LEAST_WIDTH, ValueSlider
from app.ui.parameters.steps import COARSE, Stepping, StepSize
from app.ui.theme.words import put_tip

#: Positions of a slider with a scale that is not linear: finer than the pixels of any screen.
PLACES = 1000
#: A number as wide as those that a slider gives, the width of a field's frame, and the space
#: between slider and field, in pixels.
WIDEST = "-0.0500"
FRAME, GAP = 18, 8


class NumberField(QLineEdit):
    """Text field for a number. The up and down arrow keys and the wheel change it by a step; with
    Shift by a fine step; with Ctrl, and by the page keys, by ten steps."""

    #: Steps to take, upwards positive, and their size.
    stepped = Signal(int, StepSize)

    def __init__(self) -> None:
        super().__init__()
        self._stepping = Stepping(sideways=False)

    def short_width(self) -> int:
        """Return the width in pixels for a number of a slider, or for the word in its place."""
        return _number_width(self.font())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := self._stepping.of_key(event):
            self.stepped.emit(*step)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only while the field has keyboard focus; otherwise the panel scrolls."""
        if step := self._stepping.of_wheel(event, focused=self.hasFocus()):
            self.stepped.emit(*step)


class NumberEditor(Editor):
    """Text field for exact numbers, beside a slider if the parameter has a scale or two bounds that
    are at most PLACES steps apart."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._value: float | None = None
        self._scale = _scale_of(parameter)
        self._field = NumberField()
        self._field.setPlaceholderText(_("Default"))
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        fix_height(self._field)
        self._name(self._field)
        # Not textEdited: text from a screen reader or an input method must count as typed, too.
        self._field.textChanged.connect(self._take_field)
        self._field.stepped.connect(self._step)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        self.slider = None if self._scale is None else self._make_slider(self._scale)
        if self.slider is not None:
            layout.addWidget(self.slider, 1)
            self._field.setFixedWidth(self._field.short_width())
        layout.addWidget(self._field)

    def control(self) -> QWidget:
        return self._field

    def show_value(self, value: Json | None) -> None:
        with QSignalBlocker(self._field):
            self._field.setText("" if value is None else self._parameter.format(value))
        self._place_slider(value)

    def show_default(self, value: Json | None) -> None:
        slider, scale = self.slider, self._scale
        if slider is None or scale is None:
            return
        if not isinstance(value, int | float) or isinstance(value, bool):
            slider.put_tick(None)
            put_tip(slider, "")
            return
        slider.put_tick(round(scale.share(value) * slider.maximum()))
        words = _("Server's default: {value}").format(value=self._parameter.format(value))
        put_tip(slider, words)

    def show_description(self, words: str) -> None:
        super().show_description(words)
        if self.slider is not None:
            self.slider.setAccessibleDescription(words)

    def _make_slider(self, scale: SliderScale) -> ValueSlider:
        parameter = self._parameter
        slider = ValueSlider()
        slider.setRange(0, PLACES if parameter.scale is not None else _steps(parameter))
        slider.setAccessibleName(_("{label} slider").format(label=parameter.label))
        slider.setAccessibleDescription(parameter.help)
        start = parameter.start if parameter.neutral is None else parameter.neutral
        slider.setSliderPosition(round(scale.share(start) * slider.maximum()))
        if parameter.low is not None and parameter.low < 0:
            slider.put_origin(round(scale.share(0) * slider.maximum()))
        slider.valueChanged.connect(self._take_slider)
        slider.stepped.connect(self._step)
        slider.reset_wanted.connect(self.reset_wanted)
        return slider

    def _place_slider(self, value: Json | None) -> None:
        self._value = value
        slider, scale = self.slider, self._scale
        if slider is None or scale is None:
            return
        shown = value
        if shown is None:
            start, neutral = self._parameter.start, self._parameter.neutral
            shown = start if neutral is None else neutral
        with QSignalBlocker(slider):
            slider.setValue(round(scale.share(shown) * slider.maximum()))
        slider.show_set(value is not None)

    def _take_field(self, text: str) -> None:
        value = self._take_text(text)
        if value is not None or not text.strip():
            self._place_slider(value)
        else:
            self._value = None

    def _take_slider(self, place: int) -> None:
        if self._scale is None or self.slider is None:
            return
        parameter = self._parameter
        value = self._scale.value(place / self.slider.maximum())
        grain = parameter.step
        if parameter.scale is not None and parameter.fine:
            # A pixel may be less than a step, but values such as 0.0437 are rounded to five fine
            # steps.
            grain = parameter.fine * 5
        self._tell(round(round(value / grain) * grain, 6))

    def _step(self, steps: int, size: StepSize) -> None:
        parameter = self._parameter
        try:
            value = parameter.parse(self._field.text())
        except ParameterError:
            value = parameter.start if parameter.neutral is None else parameter.neutral
        fine = parameter.fine or parameter.step
        far = {
            StepSize.FINE: fine,
            StepSize.PLAIN: parameter.step,
            StepSize.COARSE: parameter.step * COARSE,
        }
        self._tell(self._stepped(value, steps * far[size]))

    def _stepped(self, value: float, far: float) -> float:
        """Return `value` moved by `far`. If the scale ends in a special value (such as −1 for no
        limit), that value is entered only by a step past the highest ordinary value, and left by a
        step down."""
        end = None if self._scale is None else self._scale.end
        moved = round(value + far, 6)
        if self._scale is None or end is None:
            return moved
        least, most = self._scale.knots[0][1], self._scale.knots[-1][1]
        if value == end:
            return end if far > 0 else most
        return end if moved > most else max(moved, least)

    def _tell(self, value: float) -> None:
        """Set and emit a value from a key, the wheel or the slider, limited to the parameter's
        range. Nothing is emitted if the value stays the same."""
        parameter = self._parameter
        low, high = parameter.low, parameter.high
        if low is not None:
            least = low + (parameter.fine or parameter.step) if parameter.above_low else low
            value = max(value, least)
        if high is not None:
            value = min(value, high)
        told = int(value) if parameter.kind is ParameterKind.INTEGER else value
        if told == self._value:
            return
        self.show_value(told)
        self.complained.emit("")
        self.edited.emit(told)


def least_width(font: QFont) -> int:
    """Return the least width in pixels of an editor with a slider."""
    return LEAST_WIDTH + GAP + _number_width(font)


def _number_width(font: QFont) -> int:
    metrics = QFontMetrics(font)
    return max(map(metrics.horizontalAdvance, (_("Default"), WIDEST))) + FRAME


def _steps(parameter: Parameter) -> int:
    return round(((parameter.high or 0) - (parameter.low or 0)) / parameter.step)


def _scale_of(parameter: Parameter) -> SliderScale | None:
    """Return the parameter's slider scale, or a linear one over its range; None if a slider would
    have no ends or more than PLACES steps."""
    if parameter.scale is not None:
        return parameter.scale
    low, high = parameter.low, parameter.high
    if low is None or high is None or _steps(parameter) > PLACES:
        return None
    return SliderScale(((0.0, low), (1.0, high)))
