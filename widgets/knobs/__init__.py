"""Every control that is made from a declared knob."""
