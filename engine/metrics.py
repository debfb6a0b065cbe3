"""What the experiments measure besides the cost: one entry a metric, with its label and how its number is written."""

from __future__ import annotations

from collections.abc import Mapping

METRICS: dict[str, tuple[str, str]] = {
    "rival_cost": ("wide cost", "{:.4g}"),
    "psnr_db": ("PSNR", "{:.1f} dB"),
    "rival_psnr_db": ("wide PSNR", "{:.1f} dB"),
    "ssim": ("SSIM", "{:.3f}"),
    "mae": ("mean error", "{:.3g}"),
    "rmse": ("RMS error", "{:.3g}"),
    "validation_cost": ("validation", "{:.3g}"),
    "test_cost": ("test", "{:.3g}"),
    "best_cost": ("best cost", "{:.4g}"),
    "lost": ("lost starts", "{:.0%}"),
}


def texts(metrics: Mapping[str, float]) -> list[str]:
    """Each known metric as a person reads it: ``PSNR 21.1 dB``."""
    written = {name: METRICS[name][1].format(value) for name, value in metrics.items() if name in METRICS}
    if "psnr_db" in written and "mae" in written:
        written["mae"] += " of 255"  # a picture's, whatever numbers its network answers with
    return [f"{METRICS[name][0]} {number.replace('-', '−')}" for name, number in written.items()]
