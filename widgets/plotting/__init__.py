"""What all plots are made of: axes, legend, fast items, colour bars, throttled text."""
