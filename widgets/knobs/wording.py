"""What a knob says about itself to a person: its tooltip, and the sentence when a value is wrong. Serves the knob."""

from __future__ import annotations

from engine.knobs import Kind, Knob


def tool_tip(knob: Knob) -> str:
    """What it does, its range and unit, and when it takes effect; rich text, so that it wraps."""
    if knob.kind in (Kind.TEXT, Kind.FILE):
        span = knob.hint
    elif knob.kind in (Kind.CHOICE, Kind.CHOICES):
        span = ", ".join(knob.choices.values())
    elif knob.kind is Kind.SWITCH:
        span = "on or off"
    else:
        span = knob.range_text() + (f" {knob.unit}" if knob.unit else "")
        span += ", logarithmic" if knob.logarithmic else ""
        span += ", several with commas" if knob.kind is Kind.NUMBERS else ""
    when = "Takes effect on the next step." if knob.live else "Prepares a new run."
    if knob.restarts:
        when = "Starts the run over."
    if knob.group in ("Display", "View"):
        when = "Changes only what is shown."
    span = f"{span}. " if span else ""
    return f"<p><b>{knob.label}</b>: {_escaped(knob.help)}</p><p>{_escaped(span)}{when}</p>"


def plain_error(knob: Knob, sentence: str) -> str:
    """A KnobError's sentence with the label that the person sees in place of the knob's name."""
    if sentence.startswith(knob.name):
        rest = sentence[len(knob.name) :]
        # a label that is half a formula, "y =", is no word to begin a sentence with
        return rest.removeprefix(":").strip() if knob.label.endswith("=") else knob.label + rest
    return sentence


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
