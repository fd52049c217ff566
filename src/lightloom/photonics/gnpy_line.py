"""The full answer for amplified lines: gnpy propagates every channel through every fibre and amplifier.

gnpy comes with the extra ``lightloom[coherent]`` and is imported only here, when asked. It takes the interference out
of the signal, fills amplifiers up to their power, and knows several models of interference; the closed form of
:mod:`lightloom.photonics.coherent` is held against it in the tests.

Source: gnpy 3 (Telecom Infra Project, BSD-3-Clause), https://github.com/Telecominfraproject/oopt-gnpy.
"""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from lightloom.core.arrays import Floats, frozen
from lightloom.core.errors import Fault, MissingExtraError, StudyError, nearest
from lightloom.photonics.coherent import Comb, LineQuality, Span

Method: TypeAlias = Literal["gn_model_analytic", "ggn_approx", "ggn_spectrally_separated"]

EXTRA = "lightloom[coherent]"
AMPLE_POWER = 40.0
"""dBm; amplifiers of a line given by its gains are never the limit, which the line itself checks."""
NO_DISPERSION_OF_POLARISATION = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """What arrives, channel by channel.

    Args:
        frequency: Hz, shape (channels,).
        osnr_ase_db: Over amplifier noise in 0.1 nm.
        snr_nli_db: Over interference, in the symbol rate.
        gsnr_db: Over all noise, in the symbol rate.
        gsnr_0p1nm_db: The same in 0.1 nm.
        accumulated_dispersion: s/m.
        delay: One way, s.
    """

    frequency: Floats
    osnr_ase_db: Floats
    snr_nli_db: Floats
    gsnr_db: Floats
    gsnr_0p1nm_db: Floats
    accumulated_dispersion: Floats
    delay: Floats

    def at(self, channel: int) -> LineQuality:
        """Return what one channel comes to."""
        ase = float(self.osnr_ase_db[channel]) + float(self.gsnr_db[channel]) - float(self.gsnr_0p1nm_db[channel])
        return LineQuality(
            osnr_ase_db=float(self.osnr_ase_db[channel]),
            snr_ase_db=ase,
            snr_nli_db=float(self.snr_nli_db[channel]),
            gsnr_db=float(self.gsnr_db[channel]),
            gsnr_0p1nm_db=float(self.gsnr_0p1nm_db[channel]),
            accumulated_dispersion=float(self.accumulated_dispersion[channel]),
            delay=float(self.delay[channel]),
        )

    @property
    def worst(self) -> int:
        """Index of the channel with the least GSNR."""
        return int(np.argmin(self.gsnr_0p1nm_db))


def available() -> bool:
    """Tell whether gnpy is installed."""
    return find_spec("gnpy") is not None


def propagate(
    spans: Sequence[Span],
    comb: Comb,
    *,
    launch_dbm: float,
    transmitter_osnr_db: float = 100.0,
    roll_off: float = 0.15,
    method: Method = "gn_model_analytic",
) -> Channels:
    """Propagate equal channels through a line of fibres and amplifiers of stated gain.

    Args:
        spans: Of one number a field, in the order the light meets them.
        comb: Likewise.
        launch_dbm: Power per channel in front of the first span.
        transmitter_osnr_db: Of the transmitter's own noise, in 0.1 nm; 100 dB is none to speak of.
        roll_off: Of the channels' spectrum.
        method: gnpy's model of interference; ``gn_model_analytic`` is its closed form.

    Raises:
        MissingExtraError: gnpy is not installed.

    Leaves out: polarisation-mode dispersion, Raman scattering. gnpy keeps its settings in the process: do not call it
        from two threads.
    """
    elements, info = _module("core.elements"), _module("core.info")
    _module("core.parameters").SimParams.set_params({"nli_params": {"method": method}})
    spectrum = info.create_input_spectral_information(
        f_min=float(comb.frequency_low),
        f_max=float(comb.frequency_low) + float(comb.spacing) * (int(comb.channel_count) - 0.5),
        roll_off=roll_off,
        baud_rate=float(comb.baud),
        spacing=float(comb.spacing),
        tx_osnr=transmitter_osnr_db,
        tx_power=10.0 ** (launch_dbm / 10.0 - 3.0),
    )
    with _quiet():
        power_dbm = launch_dbm
        for span in spans:
            for _ in range(int(span.count)):
                fibre = _fibre(elements, span)
                fibre.ref_pch_in_dbm = power_dbm
                spectrum = _amplifier(elements, span)(fibre(spectrum))
                power_dbm += float(span.net_gain_db)
        receiver = elements.Transceiver(uid="receiver")
        receiver(spectrum, elements.TransceiverRole.RECEIVER)
        receiver.update_snr(transmitter_osnr_db)
    return _channels(receiver, spectrum)


def propagate_files(
    equipment: Path, topology: Path, *, source: str | None = None, destination: str | None = None
) -> tuple[Channels, tuple[str, ...]]:
    """Propagate between two transceivers of gnpy's own files, channels as the equipment's ``SI`` entry has them.

    Args:
        equipment: gnpy's equipment library, JSON.
        topology: gnpy's network, JSON.
        source: Transceiver that sends; None for the first.
        destination: Transceiver that receives; None for the last.

    Returns:
        Every channel at the receiver, and the names of the elements passed.

    Raises:
        MissingExtraError: gnpy is not installed.
        StudyError: A file cannot be read, gnpy refuses it, or a transceiver is not there.
    """
    files, simulation = _module("tools.json_io"), _module("tools.worker_utils")
    _module("core.parameters").SimParams.set_params({"nli_params": {"method": "gn_model_analytic"}})
    with _quiet():
        library = _accepted(equipment, lambda: files.load_equipments_and_configs(equipment, [], []))
        network = _accepted(topology, lambda: files.load_network(topology, library))
        ends = sorted(node.uid for node in network.nodes() if type(node).__name__ == "Transceiver")
        start, end = _ends(ends, source, destination, topology)
        path, spectrum = _accepted(topology, lambda: _simulated(simulation, library, network, start, end))
    return _channels(path[-1], spectrum), tuple(str(node.uid) for node in path)


def _simulated(simulation: Any, library: Any, network: Any, start: str, end: str) -> Any:  # noqa: ANN401 - gnpy's types
    designed, request, reference = simulation.designed_network(library, network, start, end)
    path, _, _, spectrum = simulation.transmission_simulation(library, designed, request, reference)
    return path, spectrum


def _accepted(file: Path, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - gnpy's types
    """Return what gnpy makes of a file; it has no one error for files it cannot use, and says little of where."""
    own = _module("core.exceptions")
    refusals = (own.ConfigurationError, own.ServiceError, own.SpectrumError)
    try:
        return read()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    except (*refusals, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    raise StudyError(Fault("", f"gnpy does not take the file ({reason})", "see gnpy's own manual", str(file)))


def _ends(known: Sequence[str], source: str | None, destination: str | None, topology: Path) -> tuple[str, str]:
    """Return the two transceivers asked for; the first and the last where none is named."""
    if len(known) < 2:
        raise StudyError(Fault("", f"has {len(known)} transceivers; two are needed", file=str(topology)))
    asked = (source or known[0], destination or known[-1])
    faults = [
        Fault("", f"has no transceiver called '{name:.60}'", nearest(name, known), str(topology))
        for name in asked
        if name not in known
    ]
    if not faults and asked[0] == asked[1]:
        faults = [Fault("", f"'{asked[0]}' is both ends", f"known: {', '.join(known[:12])}", str(topology))]
    if faults:
        raise StudyError(faults)
    return asked


def _module(name: str) -> Any:  # noqa: ANN401 - gnpy has no types
    try:
        return import_module(f"gnpy.{name}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("gnpy"):
            raise
        message = "the full answer for coherent lines needs gnpy, which runs on Python 3.11 and 3.12"
        raise MissingExtraError(Fault("", message, f"install {EXTRA}")) from None


def _fibre(elements: Any, span: Span) -> Any:  # noqa: ANN401 - gnpy's types
    params = {
        "length": float(span.length),
        "length_units": "m",
        "loss_coef": float(span.loss_db_per_m) * 1e3,
        "att_in": 0.0,
        "con_in": float(span.connector_db),
        "con_out": float(span.connector_db),
        "dispersion": float(span.dispersion),
        "effective_area": float(span.effective_area),
        "pmd_coef": NO_DISPERSION_OF_POLARISATION,
    }
    return elements.Fiber(uid="fibre", type_variety="line", params=params)


def _amplifier(elements: Any, span: Span) -> Any:  # noqa: ANN401 - gnpy's types
    gain = float(span.gain_db)
    kind = _module("tools.json_io").Amp.from_json(
        {},
        type_variety="line",
        type_def="fixed_gain",
        gain_flatmax=gain,
        gain_min=gain,
        p_max=AMPLE_POWER,
        nf0=float(span.noise_figure_db),
        allowed_for_design=True,
    )
    operational = {"gain_target": gain, "tilt_target": 0.0, "out_voa": 0.0, "in_voa": 0.0}
    return elements.Edfa(uid="amplifier", params=kind.__dict__, operational=operational)


def _channels(receiver: Any, spectrum: Any) -> Channels:  # noqa: ANN401 - gnpy's types
    def column(values: Any) -> Floats:  # noqa: ANN401 - gnpy's types
        return frozen(np.array(values, dtype=np.float64))

    return Channels(
        frequency=column(spectrum.frequency),
        osnr_ase_db=column(receiver.osnr_ase_01nm),
        snr_nli_db=column(receiver.osnr_nli),
        gsnr_db=column(receiver.snr),
        gsnr_0p1nm_db=column(receiver.snr_01nm),
        accumulated_dispersion=column(np.asarray(receiver.chromatic_dispersion) * 1e-3),
        delay=column(np.asarray(receiver.latency) * 1e-3),
    )


@contextmanager
def _quiet() -> Generator[None]:
    """Keep gnpy's remarks on its own defaults away from standard error."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
