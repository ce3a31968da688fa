"""The loop of the event engine for one stage that has one class: what most plans are made of.

The same events in the same order as ``kernel.py`` gives for such a stage, and so the same numbers,
in half the time: cases start in the order in which they came, so no list of those who wait is kept,
and what is known of the stage stays in plain variables. A test holds the two together.
"""

from __future__ import annotations

from typing import Any

from cauce.engines.capacity.kernel import drop, push

__all__ = ["LEFT", "run"]

WAITING = 0
IN_SERVICE = 1
INTERRUPTED = 2
FINISHED = 3
LEFT = 4

_COMES = 0
_LEAVES = 1
_CHANGES = 2
_DONE = 3

_NEVER = float("inf")

Flat = Any


# One function, for the reasons given in kernel.py.
def run(
    until: float,
    inner: bool,  # cases come from another stage: at one moment they come before changes
    case_time: Flat,  # [case] ascending
    change_time: Flat,  # [change] ascending
    change_code: Flat,  # [change] 0: staff, 1: speed
    change_value: Flat,  # [change]
    staff: int,
    speed: float,
    finish: bool,
    work: Flat,  # [attempt]
    patience: Flat,  # [case], or None
    heap_key: Flat,
    heap_item: Flat,
    held: Flat,  # [servers] scratch: who was interrupted; None where nobody is
    left: Flat,  # [case] scratch: the work left of them; None
    leave_key: Flat,  # [case] scratch; None
    leave_item: Flat,  # [case] scratch; None
    leave_by: Flat,  # [case] scratch: when it leaves, or in service the days left; None
    awaited: Flat,  # [case] scratch: 1 where it stands among those who may leave; None
    started: Flat,  # [case] infinite
    ended: Flat,  # [case] infinite
    state: Flat,  # [case] zeros
    attempt: Flat,  # [case] written: its row of ``work``
    order: Flat,  # [case] written: those who are done, in their order
    busy_days: Flat,  # [1] written
) -> int:
    """Run until the end; how many are done."""
    cases, changes = len(case_time), len(change_time)
    case, change, leaving, holding = 0, 0, 0, 0
    # Those before ``head`` have started or left; of those from it to ``case`` some may have left.
    head, waiting, busy, attempts, finished, visit = 0, 0, 0, 0, 0, 0
    work_done, reckoned, busy_since, days = 0.0, 0.0, 0.0, 0.0
    done_at = _NEVER
    while True:
        comes = case_time[case] if case < cases else _NEVER
        now, kind = comes, _COMES
        if patience is not None:  # noqa: SIM102  # so that the compiler leaves it out
            if leaving > 0 and leave_key[0] <= now:
                now, kind = leave_key[0], _LEAVES
        if change < changes and change_time[change] <= now:
            now, kind = change_time[change], _CHANGES
        if inner and comes <= now:
            now, kind = comes, _COMES
        if done_at <= now:
            now, kind = done_at, _DONE
        if now > until or now == _NEVER:
            break
        if kind == _COMES:
            if patience is not None:
                leave_by[case] = now + patience[case]
                push(leave_key, leave_item, 0, leaving, leave_by[case], case)
                leaving += 1
                awaited[case] = 1
            case += 1
            waiting += 1
        elif kind == _DONE:
            visit = heap_item[0]
            drop(heap_key, heap_item, 0, busy, 0)
            days += busy * (now - busy_since)
            busy_since = now
            busy -= 1
            state[visit] = FINISHED
            ended[visit] = now
            order[finished] = visit
            finished += 1
        elif kind == _LEAVES:
            if patience is not None:  # pragma: no branch  # said for the compiler
                visit = leave_item[0]
                drop(leave_key, leave_item, 0, leaving, 0)
                leaving -= 1
                awaited[visit] = 0
                if state[visit] == WAITING or state[visit] == INTERRUPTED:
                    if leave_by[visit] > now:
                        # It was in service in between, and waits again.
                        push(leave_key, leave_item, 0, leaving, leave_by[visit], visit)
                        leaving += 1
                        awaited[visit] = 1
                    else:
                        state[visit] = LEFT
                        ended[visit] = now
                        waiting -= 1
        else:
            code, value = change_code[change], change_value[change]
            change += 1
            if code == 1:
                work_done += speed * (now - reckoned)
                reckoned = now
                speed = value
            else:
                staff = int(value)
                if held is not None:  # staff that fall
                    while not finish and busy > staff:
                        last = 0
                        for place in range(1, busy):
                            one, other = heap_item[place], heap_item[last]
                            if started[one] > started[other] or (
                                started[one] == started[other] and one > other
                            ):
                                last = place
                        visit = heap_item[last]
                        reached = work_done + speed * (now - reckoned)
                        left[visit] = max(heap_key[last] - reached, 0.0)
                        drop(heap_key, heap_item, 0, busy, last)
                        days += busy * (now - busy_since)
                        busy_since = now
                        busy -= 1
                        state[visit] = INTERRUPTED
                        if patience is not None:
                            leave_by[visit] += now
                            if awaited[visit] == 0:
                                push(leave_key, leave_item, 0, leaving, leave_by[visit], visit)
                                leaving += 1
                                awaited[visit] = 1
                        held[holding] = visit
                        holding += 1
                        waiting += 1
        moved = kind >= _CHANGES
        while waiting > 0 and busy < staff and speed > 0.0:
            moved = True
            reached = work_done + speed * (now - reckoned)
            resumed = False
            if held is not None:
                while holding > 0 and state[held[holding - 1]] == LEFT:
                    holding -= 1
                if holding > 0:
                    resumed = True
                    holding -= 1
                    visit = held[holding]
                    reached += left[visit]
            if not resumed:
                if patience is not None:
                    while state[head] == LEFT:
                        head += 1
                visit = head
                head += 1
                attempt[visit] = attempts
                reached += work[attempts]
                attempts += 1
                started[visit] = now
            if patience is not None:
                # From here on the days of waiting that are left; a moment again if it waits.
                leave_by[visit] -= now
            state[visit] = IN_SERVICE
            waiting -= 1
            push(heap_key, heap_item, 0, busy, reached, visit)
            days += busy * (now - busy_since)
            busy_since = now
            busy += 1
        if moved:
            if busy > 0 and speed > 0.0:
                done_at = max(reckoned + (heap_key[0] - work_done) / speed, now)
            else:
                done_at = _NEVER
    busy_days[0] = days + busy * (until - busy_since)
    return finished
