"""Five answers in the shape of the JSON contract, written by hand: plausible, but not results of any model."""

from typing import Any, TypeAlias

_NOTE = "Fixture: every number here was written by hand for tests of the page; none is a result."
_PARTS = ("compute_s", "bubble_s", "optimizer_s", "input_s")

Part: TypeAlias = tuple[str, str, int, float, float, float]

LLAMA_FLOPS = 2.54e12
QWEN_FLOPS = 1.52e11


def evaluations() -> list[dict[str, Any]]:
    """Return the five, freshly made."""
    return [_dense(), _dense_cpo(), _dense_ocs(), _moe(), _moe_scale_up()]


def verdict() -> list[str]:
    """Return the sentences that would stand above them."""
    return [
        "C trains Llama 3.1 405B at the lowest price, $1.62 per million tokens; A and B tie with it within the band.",
        "B saves 2.1 % of the energy and changes nothing in speed: the dense job hides its scale-out traffic.",
        "E trains the mixture of experts 32 % faster per accelerator than D; in price they tie within the band.",
    ]


def infeasible() -> dict[str, Any]:
    """Return an answer that cannot be done: reasons, and little else."""
    return {
        "scenario": {"name": "Llama 3.1 405B on 64 H100", "hash": "00badc0ffee0", "version": "0.1.0", "seed": 0},
        "feasible": False,
        "reasons": [
            {
                "code": "out-of-memory",
                "stage": 0,
                "by": 41.3e9,
                "unit": "B",
                "remedy": "pipeline: 16, the nearest that fits",
            },
            {
                "code": "link-does-not-close",
                "stage": None,
                "by": 1.2,
                "unit": "dB",
                "remedy": "allow 400g-fr4 at the aggregation level",
            },
        ],
        "assumptions": [_NOTE],
        "warnings": [],
        "sources": [],
    }


def _step(compute: float, bubble: float, optimizer: float, load: float, **exposed: float) -> dict[str, Any]:
    parts = dict(zip(_PARTS, (compute, bubble, optimizer, load), strict=True))
    return {"time_s": sum(parts.values()) + sum(exposed.values()), **parts, "exposed_s": exposed}


def _throughput(tokens_per_step: float, time: float, accelerators: int, flops: float, tokens: float) -> dict[str, Any]:
    rate = tokens_per_step / time
    achieved = rate / accelerators * flops
    return {
        "tokens_per_s": rate,
        "tokens_per_s_per_accelerator": rate / accelerators,
        "model_flops_per_s_per_accelerator": achieved,
        "mfu": achieved / 989.4e12,
        "hfu": achieved / 989.4e12,
        "flops_convention": "6 N plus attention, no recompute",
        "days_to_train": tokens / rate / 86400.0 / 0.93,
    }


def _stages(count: int, weights: float, optimizer: float, activations: float) -> list[dict[str, Any]]:
    return [
        {
            "stage": stage,
            "parts": {
                "weights": weights * (1.06 if stage == 0 else 0.97 if stage == count - 1 else 1.0),
                "gradients": 2 * weights,
                "optimizer": optimizer,
                "activations": activations * (1.0 - 0.55 * stage / max(1, count - 1)),
            },
        }
        for stage in range(count)
    ]


def _memory(stages: list[dict[str, Any]]) -> dict[str, Any]:
    sizes = [sum(stage["parts"].values()) for stage in stages]
    worst = max(range(len(sizes)), key=sizes.__getitem__)
    return {
        "worst_stage": worst,
        "bytes": sizes[worst],
        "capacity_bytes": 79.1e9,
        "fits": sizes[worst] <= 79.1e9,
        "stages": stages,
    }


def _product(
    ends: tuple[str, str], cables: int, watts: float, usd: float, margin: float, share: float, **more: object
) -> dict[str, Any]:
    return {
        "ends": list(ends),
        "cables": cables,
        "watts_total": watts * cables,
        "usd_total": usd * cables,
        "spec_min": {"closes": margin >= 0.0, "margin_db": margin},
        "distribution": {"closes_share": share, "margin_db": {"p1": margin + 0.4, "p50": margin + 2.1}},
        **more,
    }


def _level(
    place: str, lengths: tuple[float, float], products: list[dict[str, Any]], sent: float, step: float, exposed: float
) -> dict[str, Any]:
    domain, level = place.split(".")
    return {
        "domain": domain,
        "level": level,
        "cables": sum(product["cables"] for product in products),
        "length_m": {"median": lengths[0], "max": lengths[1]},
        "products": products,
        "bytes_per_step_per_accelerator": sent,
        "bytes_per_s_per_accelerator": sent / step,
        "exposed_s": exposed,
    }


def _rows(total: str, each: str, job: str, rows: list[Part]) -> list[dict[str, Any]]:
    """Spell out (group, item, count, each, band, billed): the band is the share below and above."""
    return [
        {
            "item": item,
            "count": count,
            each: value,
            total: count * value,
            "low": count * value * (1 - band),
            "high": count * value * (1 + band),
            "group": group,
            job: count * value * billed,
        }
        for group, item, count, value, band, billed in rows
    ]


def _power(rows: list[Part]) -> dict[str, Any]:
    spelled = _rows("w_total", "w_each", "job_w", rows)
    return {"total_w": sum(row["w_total"] for row in spelled), "rows": spelled}


def _cost(rows: list[Part], price: float, swings: list[tuple[str, float, str]]) -> dict[str, Any]:
    spelled = _rows("usd_total", "usd_each", "job_usd", rows)
    capital = sum(row["usd_total"] for row in spelled)
    return {
        "capital_usd": capital,
        "usd_per_hour": capital * 3.9e-5,
        "usd_per_million_tokens": {"mid": price, "low": price * 0.81, "high": price * 1.24},
        "rows": spelled,
        "per_hour": [{"item": item, "usd_per_hour": share * capital * 3.9e-5} for item, share in _PURPOSES],
        "tornado": [_swing(price, *swing) for swing in swings],
    }


_PURPOSES = (
    ("nodes", 0.561),
    ("packet switches", 0.031),
    ("optical modules and engines", 0.029),
    ("copper cables", 0.003),
    ("fibre", 0.002),
    ("storage", 0.017),
    ("facility", 0.164),
    ("maintenance", 0.092),
    ("electricity", 0.101),
)


def _swing(price: float, item: str, swing: float, sure: str) -> dict[str, Any]:
    """Spell out one figure's swing; a longer life makes tokens cheaper."""
    ends = (price * (1 - swing), price * (1 + 1.2 * swing))
    at_low, at_high = reversed(ends) if item == "service life" else ends
    figure = {"low": 0.8, "value": 1.0, "high": 1.25, "unit": ""}
    return {
        "item": item,
        **figure,
        "usd_at_low": at_low,
        "usd_at_high": at_high,
        "sure": sure,
        "source": "prices#fixture",
    }


def _sources() -> list[dict[str, Any]]:
    return [
        {
            "id": "accelerators/h100-sxm-80gb#datasheet",
            "title": "NVIDIA H100 Tensor Core GPU datasheet",
            "where": "https://resources.nvidia.com/en-us-tensor-core/nvidia-tensor-core-gpu-datasheet",
        },
        {
            "id": "failures/llama3-54-days#paper",
            "title": "The Llama 3 Herd of Models, table 5",
            "where": "https://arxiv.org/abs/2407.21783",
        },
        {
            "id": "links/400g-dr4#ieee",
            "title": "IEEE Std 802.3-2022, clause 124: 400GBASE-DR4",
            "where": "table 124-6 and table 124-7",
        },
    ]


def _answer(name: str, digest: str, **parts: object) -> dict[str, Any]:
    return {
        "scenario": {"name": name, "hash": digest, "version": "0.1.0", "seed": 0},
        "feasible": True,
        "reasons": [],
        **parts,
        "assumptions": [
            _NOTE,
            "Flows that cross a cut share its bandwidth evenly; congestion control keeps 92 % of it.",
            "Electricity is billed on measured load and provisioned on nameplate.",
        ],
        "sources": _sources(),
        "warnings": ["The price of every switch is an estimate; its band is ± 35 %."],
    }


_SHARE = 16_640 / 24_576
_DENSE_POWER: list[Part] = [
    ("node", "node, computing (grand-teton-h100)", 2048, 8420.0, 0.04, 1.0),
    ("node", "node, spare (grand-teton-h100)", 32, 2410.0, 0.1, 1.0),
    ("node", "node, not of this job (grand-teton-h100)", 992, 2410.0, 0.1, 0.0),
    ("switch", "leaf switch (tomahawk-4)", 768, 640.0, 0.15, _SHARE),
    ("switch", "aggregation switch (tomahawk-4)", 256, 640.0, 0.15, _SHARE),
    ("optics", "module or engine (400g-dr4)", 56_000, 11.5, 0.12, _SHARE),
    ("copper", "cable end (400g-dac)", 49_152, 0.1, 0.3, _SHARE),
    ("storage", "storage (tectonic-llama3)", 1, 412_000.0, 0.3, _SHARE),
    ("overhead", "cooling and losses of the facility (PUE 1.2)", 1, 4_320_000.0, 0.2, 0.82),
]
_DENSE_COST: list[Part] = [
    ("node", "node (grand-teton-h100)", 3072, 268_000.0, 0.15, _SHARE),
    ("switch", "leaf switch (tomahawk-4)", 768, 38_000.0, 0.35, _SHARE),
    ("switch", "aggregation switch (tomahawk-4)", 256, 38_000.0, 0.35, _SHARE),
    ("optics", "module or engine (400g-dr4)", 56_000, 540.0, 0.3, _SHARE),
    ("copper", "cable end (400g-dac)", 49_152, 80.0, 0.3, _SHARE),
    ("fibre", "fibre cable (400g-dr4)", 28_000, 96.0, 0.4, _SHARE),
    ("storage", "storage (tectonic-llama3)", 1, 21_000_000.0, 0.4, _SHARE),
    ("facility", "facility, per watt", 29_000_000, 11.5, 0.25, _SHARE),
]
_SWINGS = [
    ("price of an accelerator", 0.112, "estimate"),
    ("service life", 0.094, "estimate"),
    ("facility capital per watt", 0.041, "published"),
    ("cost of capital", 0.033, "estimate"),
    ("price of electricity", 0.022, "published"),
    ("price of a packet switch", 0.013, "estimate"),
    ("price of a module", 0.008, "published"),
]


def _dense() -> dict[str, Any]:
    step = _step(5.12, 0.412, 0.061, 0.0, tensor=0.486, context=0.0, pipeline=0.094, data=0.131)
    time = step["time_s"]
    return _answer(
        "Llama 3.1 405B, 16k H100, three-level RoCE",
        "5b1f0c6a92d7e418",
        step=step,
        throughput=_throughput(2048 * 8192, time, 16384, LLAMA_FLOPS, 15.6e12),
        memory=_memory(_stages(16, 6.4e9, 0.9e9, 38.2e9)),
        network=[
            _level(
                "scale_up.host",
                (0.6, 1.0),
                [_product(("nvlink4", "nvlink4"), 16384, 0.0, 0.0, 4.2, 1.0, medium="board")],
                412e9,
                time,
                0.486,
            ),
            _level(
                "scale_out.host",
                (2.0, 2.8),
                [_product(("400g-dac", "400g-dac"), 16384, 0.1, 160.0, 3.1, 1.0, medium="copper")],
                31.2e9,
                time,
                0.182,
            ),
            _level(
                "scale_out.leaf",
                (24.0, 61.0),
                [
                    _product(("400g-dr4", "400g-dr4"), 14_336, 23.0, 1080.0, 1.34, 0.9996, medium="fibre"),
                    _product(("400g-aec", "400g-aec"), 2048, 19.0, 640.0, 0.62, 0.9981, medium="copper"),
                ],
                4.1e9,
                time,
                0.037,
            ),
            _level(
                "scale_out.aggregation",
                (118.0, 242.0),
                [_product(("400g-dr4", "400g-dr4"), 2341, 23.0, 1080.0, 0.91, 0.9989, medium="fibre")],
                0.52e9,
                time,
                0.004,
            ),
        ],
        power=_power(_DENSE_POWER),
        energy={"joules_per_token": 9.42, "of_which": {"network": 0.61, "optics": 0.33}},
        cost=_cost(_DENSE_COST, 1.66, _SWINGS),
        goodput={
            "fraction": 0.9312,
            "mtbf_s": 10_980.0,
            "checkpoint": {"interval_s": 540.0, "bytes": 4.86e12, "write_bytes_per_s": 81e9},
            "losses": [
                {"item": "checkpoints", "time_share": 0.0111},
                {"item": "work done twice", "time_share": 0.0246},
                {"item": "restarts", "time_share": 0.0311},
                {"item": "waiting for repair", "time_share": 0.002},
            ],
            "rows": [
                {
                    "item": "accelerator",
                    "count": 16384,
                    "fit_each": 6600.0,
                    "felt": 1.0,
                    "mtbf_s": 33_300.0,
                    "stops_share": 0.33,
                },
                {
                    "item": "memory",
                    "count": 16384,
                    "fit_each": 3400.0,
                    "felt": 1.0,
                    "mtbf_s": 64_600.0,
                    "stops_share": 0.17,
                },
                {
                    "item": "link hard failure",
                    "count": 35_109,
                    "fit_each": 250.0,
                    "felt": 1.0,
                    "mtbf_s": 137_000.0,
                    "stops_share": 0.08,
                },
                {
                    "item": "link flap",
                    "count": 35_109,
                    "fit_each": 41_000.0,
                    "felt": 0.02,
                    "mtbf_s": 122_000.0,
                    "stops_share": 0.09,
                },
                {
                    "item": "software and host",
                    "count": 2048,
                    "fit_each": 51_000.0,
                    "felt": 1.0,
                    "mtbf_s": 33_300.0,
                    "stops_share": 0.33,
                },
            ],
        },
        balance={
            "binding": "compute",
            "shares": {"compute": 0.812, "bubble": 0.0654, "scale_up": 0.0771, "scale_out": 0.0357, "memory": 0.0098},
            "elasticity": {
                "compute": 0.792,
                "scale_up_bandwidth": 0.074,
                "scale_out_bandwidth": 0.031,
                "memory_bandwidth": 0.012,
            },
            "hidden": [
                "Twice the aggregation bandwidth changes nothing: gradients hide behind the backward pass.",
            ],
        },
    )


def _dense_cpo() -> dict[str, Any]:
    answer = _dense()
    answer["scenario"].update(
        name="Llama 3.1 405B, 16k H100, co-packaged optics at the switches", hash="c0de5a11ab1e0002"
    )
    answer["network"][2]["products"] = [
        _product(("400g-cpo", "400g-cpo"), 16_384, 10.6, 940.0, 0.44, 0.9962, medium="fibre")
    ]
    answer["network"][3]["products"] = [
        _product(("400g-cpo", "400g-cpo"), 2341, 10.6, 940.0, 0.08, 0.9874, medium="fibre")
    ]
    rows = [row for row in _DENSE_POWER if row[0] != "optics"]
    engine = ("optics", "module or engine (400g-cpo)", 56_000, 5.3, 0.2, _SHARE)
    answer["power"] = _power([*rows, engine])
    answer["energy"] = {"joules_per_token": 9.22, "of_which": {"network": 0.43, "optics": 0.17}}
    prices = [row for row in _DENSE_COST if row[0] != "optics"]
    answer["cost"] = _cost([*prices, ("optics", engine[1], 56_000, 470.0, 0.45, _SHARE)], 1.64, _SWINGS)
    answer["warnings"].append("400g-cpo is a preview product: its figures are estimates.")
    return answer


def _dense_ocs() -> dict[str, Any]:
    answer = _dense()
    step = _step(5.12, 0.412, 0.061, 0.0, tensor=0.486, context=0.0, pipeline=0.102, data=0.158)
    answer["scenario"].update(
        name="Llama 3.1 405B, 16k H100, rail-optimised, circuit-switched core", hash="0c5000000000beef"
    )
    answer["step"] = step
    answer["throughput"] = _throughput(2048 * 8192, step["time_s"], 16384, LLAMA_FLOPS, 15.6e12)
    del answer["network"][3]
    answer["network"][2] = _level(
        "scale_out.leaf",
        (52.0, 148.0),
        [
            _product(("400g-fr4", "400g-fr4"), 11_264, 24.0, 1490.0, 0.21, 0.9912, medium="fibre"),
            _product(("400g-dr4", "400g-dr4"), 1024, 23.0, 1080.0, -0.63, 0.8735, medium="fibre"),
        ],
        4.6e9,
        step["time_s"],
        0.064,
    )
    rows = [row for row in _DENSE_POWER if row[1] != "aggregation switch (tomahawk-4)"]
    core = ("circuit-switch", "circuit switch (palomar)", 144, 108.0, 0.2, _SHARE)
    answer["power"] = _power([*rows, core])
    answer["energy"] = {"joules_per_token": 9.31, "of_which": {"network": 0.49, "optics": 0.29}}
    prices = [row for row in _DENSE_COST if row[1] != "aggregation switch (tomahawk-4)"]
    answer["cost"] = _cost([*prices, (*core[:3], 64_000.0, 0.5, _SHARE)], 1.62, _SWINGS)
    answer["warnings"].append("1,024 cables of scale-out leaf do not close at the specification limit.")
    return answer


def _moe() -> dict[str, Any]:
    step = _step(11.9, 1.62, 0.21, 0.0, tensor=1.18, context=0.0, pipeline=0.41, expert=4.12, data=0.35)
    time = step["time_s"]
    return _answer(
        "Qwen3 235B-A22B, 256 H100, rail-optimised InfiniBand",
        "9e37a11e00000256",
        step=step,
        throughput=_throughput(2048 * 4096, time, 256, QWEN_FLOPS, 36e12),
        memory=_memory(_stages(8, 7.4e9, 11.2e9, 31.0e9)),
        network=[
            _level(
                "scale_up.host",
                (0.6, 1.0),
                [_product(("nvlink4", "nvlink4"), 256, 0.0, 0.0, 4.2, 1.0, medium="board")],
                318e9,
                time,
                1.21,
            ),
            _level(
                "scale_out.host",
                (2.0, 11.0),
                [
                    _product(("400g-dac", "400g-dac"), 160, 0.1, 160.0, 2.4, 1.0, medium="copper"),
                    _product(("400g-dr4", "400g-dr4"), 96, 23.0, 1080.0, 1.9, 0.9999, medium="fibre"),
                ],
                402e9,
                time,
                3.96,
            ),
            _level(
                "scale_out.leaf",
                (9.0, 18.0),
                [_product(("400g-dr4", "400g-dr4"), 256, 23.0, 1080.0, 1.84, 0.9999, medium="fibre")],
                12e9,
                time,
                0.11,
            ),
        ],
        power=_power(
            [
                ("node", "node, computing (dgx-h100)", 32, 8420.0, 0.04, 1.0),
                ("switch", "leaf switch (quantum-2)", 8, 640.0, 0.15, 1.0),
                ("switch", "spine switch (quantum-2)", 4, 640.0, 0.15, 1.0),
                ("optics", "module or engine (400g-dr4)", 704, 11.5, 0.12, 1.0),
                ("copper", "cable end (400g-dac)", 320, 0.1, 0.3, 1.0),
                ("storage", "storage (flash-generic)", 1, 6400.0, 0.3, 1.0),
                ("overhead", "cooling and losses of the facility (PUE 1.2)", 1, 57_900.0, 0.2, 1.0),
            ]
        ),
        energy={"joules_per_token": 0.842, "of_which": {"network": 0.049, "optics": 0.027}},
        cost=_cost(
            [
                ("node", "node (dgx-h100)", 32, 268_000.0, 0.15, 1.0),
                ("switch", "leaf switch (quantum-2)", 8, 38_000.0, 0.35, 1.0),
                ("switch", "spine switch (quantum-2)", 4, 38_000.0, 0.35, 1.0),
                ("optics", "module or engine (400g-dr4)", 704, 540.0, 0.3, 1.0),
                ("copper", "cable end (400g-dac)", 320, 80.0, 0.3, 1.0),
                ("fibre", "fibre cable (400g-dr4)", 352, 96.0, 0.4, 1.0),
                ("storage", "storage (flash-generic)", 1, 330_000.0, 0.4, 1.0),
                ("facility", "facility, per watt", 350_000, 11.5, 0.25, 1.0),
            ],
            0.147,
            _SWINGS,
        ),
        goodput={
            "fraction": 0.9941,
            "mtbf_s": 702_000.0,
            "checkpoint": {"interval_s": 1800.0, "bytes": 2.82e12, "write_bytes_per_s": 9.4e9},
        },
        balance={
            "binding": "scale_out",
            "shares": {"compute": 0.601, "bubble": 0.082, "scale_up": 0.061, "scale_out": 0.229, "memory": 0.027},
            "elasticity": {
                "compute": 0.59,
                "scale_out_bandwidth": 0.214,
                "scale_up_bandwidth": 0.058,
                "memory_bandwidth": 0.026,
                "latency": -0.004,
            },
            "hidden": [],
        },
    )


def _moe_scale_up() -> dict[str, Any]:
    answer = _moe()
    step = _step(11.9, 1.31, 0.21, 0.0, tensor=0.71, context=0.0, pipeline=0.12, expert=0.58, data=0.21)
    answer["scenario"].update(name="Qwen3 235B-A22B, 256 H100, optical scale-up domain of 256", hash="e256e256e256e256")
    answer["step"] = step
    answer["throughput"] = _throughput(2048 * 4096, step["time_s"], 256, QWEN_FLOPS, 36e12)
    answer["network"][0] = _level(
        "scale_up.host",
        (14.0, 31.0),
        [_product(("scale-up-optical", "scale-up-optical"), 4608, 7.2, 610.0, 1.1, 0.9994, medium="fibre")],
        702e9,
        step["time_s"],
        0.94,
    )
    answer["network"][1]["bytes_per_step_per_accelerator"] = 21e9
    answer["network"][1]["exposed_s"] = 0.02
    engine = ("optics", "module or engine (scale-up-optical)", 9216)
    power, cost = answer["power"], answer["cost"]
    power["rows"] += _rows("w_total", "w_each", "job_w", [(*engine, 7.2, 0.4, 1.0)])
    power["total_w"] = sum(row["w_total"] for row in power["rows"])
    answer["energy"] = {"joules_per_token": 0.713, "of_which": {"network": 0.092, "optics": 0.071}}
    cost["rows"] += _rows("usd_total", "usd_each", "job_usd", [(*engine, 610.0, 0.5, 1.0)])
    cost["capital_usd"] = sum(row["usd_total"] for row in cost["rows"])
    answer["cost"]["usd_per_million_tokens"] = {"mid": 0.139, "low": 0.104, "high": 0.181}
    answer["cost"]["tornado"] = _cost([], 0.139, [("price of an optical engine", 0.081, "estimate"), *_SWINGS])[
        "tornado"
    ]
    answer["balance"] = {
        "binding": "compute",
        "shares": {"compute": 0.791, "bubble": 0.0871, "scale_up": 0.085, "scale_out": 0.0089, "memory": 0.028},
        "elasticity": {
            "compute": 0.77,
            "scale_up_bandwidth": 0.081,
            "memory_bandwidth": 0.027,
            "scale_out_bandwidth": 0.008,
        },
        "hidden": ["Twice the scale-out bandwidth changes 0.8 %: all-to-all stays inside the scale-up domain."],
    }
    del answer["goodput"]
    return answer
