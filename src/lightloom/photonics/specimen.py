"""An optical end of round figures, which the kinds of light build their specimens from; not of the catalog."""

SPECIMEN: dict[str, object] = {
    "boundary": "module only", "rate": "400 Gb/s", "lanes": 4, "power": "8 W", "price": "700 USD",
    "latency": "100 ns", "hard_fit": "250 FIT", "flap_fit": "16300 FIT", "group_index": 1.468,
    "medium_price": "60 USD", "medium_price_per_length": "2 USD/m",
    "interface": "specimen", "fibres": 8, "specified_reach": "500 m",
    "launch": "-2.2 dBm", "stressed_sensitivity": "-1.9 dBm", "stressed_eye_closure": "3.4 dB",
    "reflection_penalty": "0.1 dB", "oma_maximum": "4.2 dBm", "overload": "4.2 dBm",
    "channel_loss": "3 dB", "connectors_allocation": "2.75 dB", "connector_loss": "0.35 dB",
    "connector_sigma": "0.13 dB", "fibre_loss": "0.4 dB/km", "fibre_loss_typical": "0.33 dB/km",
    "field_margin": "2.9 dB", "field_sigma": "0.39 dB", "field_connectors": 4, "field_length": "100 m",
    "field_temperature": "45 °C", "temperature_low": "0 °C", "temperature_high": "70 °C",
    "threshold": 2.4e-4, "codewords": 2,
}  # fmt: skip
"""A product of round figures, for :meth:`LinkProduct.specimens`; not of the catalog."""
