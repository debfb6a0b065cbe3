"""The frame of a page: header, view bar, cost plot, transport, status, side tabs, figure."""
