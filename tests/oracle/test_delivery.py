"""Bandwidth and delay under frame loss against the protocols themselves, slot by slot; repairs against their offspring.

Facts protected: the closed form of go-back-N holds for a transport over a path, and for a link's own retry over one
hop; the timer costs what it does; the tail is that of the losses drawn; repairs that fail again add up. Source: the
protocols, written out below; each comparison allows four standard errors of the simulation.
"""

from collections import deque

import numpy as np
import pytest

from lightloom.core.random import stream
from lightloom.photonics import delivery, reliability


def sent_slot_by_slot(frames, loss, forward, backward, draws):
    """Send frames in order, one a slot, through a path with delays in slots; return the slots it took.

    The receiver takes frames in order only. Of the first frame out of order it complains, once for each time the sender
    went back; that makes the sender go back, which till then goes on. The run ends when ``frames`` are in.
    """
    lost = iter(draws.random(40 * frames) < loss)
    wanted = send = slot = era = 0
    complained = -1
    on_the_way, complaints = deque(), deque()
    while wanted < frames:
        on_the_way.append((slot + 1 + forward, send, era, next(lost)))
        send, slot = send + 1, slot + 1
        while on_the_way and on_the_way[0][0] <= slot:
            _, number, sent_in, gone = on_the_way.popleft()
            if not gone and number == wanted:
                wanted += 1
            elif not gone and number > wanted and sent_in > complained:
                complaints.append((slot + backward, wanted))
                complained = sent_in
        if complaints and complaints[0][0] <= slot:
            _, send = complaints.popleft()
            era += 1
    return slot


PATHS = {
    "over one hop, a retry of the link": (0.01, 2, 2),
    "over the fabric, by the transport": (0.002, 60, 60),
    "over the fabric, a bad link": (0.02, 60, 60),
    "a link with a tenth lost": (0.1, 2, 2),
}


@pytest.mark.parametrize(("loss", "forward", "backward"), PATHS.values(), ids=PATHS)
def test_go_back_n_delivers_what_the_closed_form_says(loss, forward, backward):
    draws = stream(3, "go back n")
    frames, runs = 4000, 12
    shares = [frames / sent_slot_by_slot(frames, loss, forward, backward, draws) for _ in range(runs)]
    # a gap shows when the next frame is in, and one more for each that is lost as well
    resent = forward + backward + 2 + loss / (1 - loss)
    error = np.std(shares, ddof=1) / np.sqrt(runs)
    assert np.mean(shares) == pytest.approx(delivery.delivered_share(loss, resent=resent), abs=4 * error + 1e-3)
    assert error < 0.02


def test_a_retry_by_the_link_hides_what_the_transport_would_pay_for():
    """Five hops, each losing a frame in a thousand: end to end 120 frames go again for one, on the link six."""
    draws = stream(4, "five hops")
    path = delivery.path_loss(1e-3, links=5)
    gone = np.mean(np.any(draws.random((200_000, 5)) < 1e-3, axis=1))
    assert path == pytest.approx(gone, rel=0.1)
    by_transport = delivery.delivered_share(path, resent=120)
    by_link = delivery.delivered_share(1e-3, resent=6)
    assert by_transport == pytest.approx(0.62, abs=0.01)
    assert by_link == pytest.approx(0.994, abs=0.001)


def message_by_message(frames, loss, resent, timeout, messages, draws):
    """Each loss that a later frame betrays costs ``resent`` slots; where none gets through, the timer speaks."""
    taken = np.zeros(messages)
    for index in range(messages):
        frame = 0
        while frame < frames:
            if draws.random() >= loss:
                taken[index] += 1
                frame += 1
            elif frame == frames - 1 or np.all(draws.random(frames - 1 - frame) < loss):
                taken[index] += frames - frame + timeout
            else:
                taken[index] += resent
    return taken


@pytest.mark.parametrize(("frames", "loss"), [(1, 0.02), (16, 0.005), (256, 0.001)])
def test_the_timer_of_the_last_frame_costs_what_it_does(frames, loss):
    taken = message_by_message(frames, loss, 40.0, 5000.0, 300_000 // (frames + 9), stream(5, "timer"))
    error = taken.std() / np.sqrt(len(taken))
    expected = delivery.message_time(frames, frame_loss=loss, frame_time=1.0, resent=40.0, timeout=5000.0)
    left_out = loss**2 / (1 - loss) * 5000.0 * (frames > 1)
    assert taken.mean() == pytest.approx(expected, abs=4 * error + 2 * left_out)


@pytest.mark.parametrize(("frames", "loss", "beyond"), [(50, 0.01, 0.01), (1000, 0.002, 0.05), (8, 0.3, 0.001)])
def test_the_tail_is_that_of_losses_drawn(frames, loss, beyond):
    drawn = stream(6, "tail").negative_binomial(frames, 1 - loss, 400_000)
    most = delivery.losses_beyond(beyond, frames=frames, frame_loss=loss)
    error = 4 * np.sqrt(beyond / len(drawn))
    assert np.mean(drawn > most) <= beyond + error
    assert np.mean(drawn > most - 1) >= beyond - error


def test_failures_that_repairs_bring_add_up():
    """One spontaneous failure; every repair mates three connectors, of which one in ten fails."""
    draws = stream(7, "maintenance")
    total = 0
    for _ in range(20_000):
        waiting = 1
        while waiting:
            total += waiting
            waiting = int(draws.binomial(3 * waiting, 0.1))
    expected = reliability.with_maintenance(20_000.0, matings=3, dirty_share=0.1)
    assert total == pytest.approx(expected, rel=0.02)
