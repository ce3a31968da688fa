"""What happens next, and next, until the end? The loop of the event engine.

Plain Python over flat sequences, so that the same text runs as it stands (over lists) and compiled
(over arrays, see ``compiled.py``) with the same numbers: chance is drawn before, and the loop only
adds, subtracts, multiplies, divides and compares. It knows no dates, names or units.
"""

from __future__ import annotations

from typing import Any

__all__ = ["AGAIN", "FINISHED", "LEFT", "OUT", "TURNED_AWAY", "WAITING", "drop", "push", "run"]

# Where a case goes after an attempt, besides the number of a stage.
OUT = -1
AGAIN = -2

# How a visit stands.
WAITING = 0
IN_SERVICE = 1
INTERRUPTED = 2
FINISHED = 3
LEFT = 4
TURNED_AWAY = 5

# What kind of event is next.
_COMES = 0
_LEAVES = 1
_CHANGES = 2
_DONE = 3

_NEVER = float("inf")

#: A list or an array: the loop runs over either, and numba types each by itself.
Flat = Any


def push(keys: Flat, items: Flat, base: int, size: int, key: float, item: int) -> None:
    """Add to the binary heap of ``size`` items that begins at ``base``."""
    hole = size
    while hole > 0:
        parent = (hole - 1) >> 1
        if keys[base + parent] <= key:
            break
        keys[base + hole] = keys[base + parent]
        items[base + hole] = items[base + parent]
        hole = parent
    keys[base + hole] = key
    items[base + hole] = item


def drop(keys: Flat, items: Flat, base: int, size: int, place: int) -> None:
    """Take out the item at a place of the heap, which has ``size`` items before."""
    size -= 1
    key, item = keys[base + size], items[base + size]
    hole = place
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and keys[base + child + 1] < keys[base + child]:
            child += 1
        if keys[base + child] >= key:
            break
        keys[base + hole] = keys[base + child]
        items[base + hole] = items[base + child]
        hole = child
    while hole > 0:
        parent = (hole - 1) >> 1
        if keys[base + parent] <= key:
            break
        keys[base + hole] = keys[base + parent]
        items[base + hole] = items[base + parent]
        hole = parent
    keys[base + hole] = key
    items[base + hole] = item


# One function, although long: it is the engine's inner loop, and what is split off here costs a
# third of the time when it runs as plain Python. An argument that is None switches a feature off;
# the compiler leaves out what stands below `if … is not None` (and only there, not behind an
# `and`), so that a plan pays only for what it declares. Stages and
# classes together are one number: queue = stage × classes + class.
def run(
    until: float,
    classes: int,
    # What comes, [case], in the order of time.
    case_time: Flat,
    case_stage: Flat,
    case_class: Flat,
    # What changes, [change], in the order of time. The code is 2 × stage for its staff,
    # 2 × stage + 1 for its speed, 2 × stages + pool for a pool, whose value is by how much.
    change_time: Flat,
    change_code: Flat,
    change_value: Flat,
    # How each stage stands, [stage]: servers, and the work one of them does in a day. Changed here.
    staff: Flat,
    speed: Flat,
    finish: Flat,  # [stage] 1 where cases in progress are finished when staff fall
    places: Flat,  # [stage] most cases that fit; None where all do everywhere
    priority: Flat,  # [queue] lower goes first
    # Chance, drawn before: in each queue the next attempt takes the next row of its own.
    attempts: Flat,  # [queue] the next row. Changed here.
    work: Flat,  # [attempt] days of work
    route: Flat,  # [attempt] the stage after it, OUT or AGAIN
    patiences: Flat,  # [queue] the next row. Changed here.
    patience: Flat,  # [row] days until a case that waits leaves; None where nobody does
    # Pools: free servers [pool], changed here, or None; each queue's needs are
    # need[need_at[queue]:need_at[queue + 1]].
    free: Flat,
    need_at: Flat,
    need: Flat,
    # Scratch space: heaps of the cases in service, by work done, each from heap_at[stage] on; a
    # heap of those who may leave; and what is known of each stage and queue.
    heap_at: Flat,
    heap_key: Flat,
    heap_item: Flat,
    leave_key: Flat,
    leave_item: Flat,
    busy: Flat,  # [stage] servers at work, zeros
    waiting: Flat,  # [stage] zeros
    done_at: Flat,  # [stage] when its next case is done, infinite
    work_done: Flat,  # [stage] the work one server has done until ``reckoned``, zeros
    reckoned: Flat,  # [stage] zeros
    busy_since: Flat,  # [stage] zeros
    busy_days: Flat,  # [stage] written: days of servers at work, zeros
    length: Flat,  # [queue] zeros
    head: Flat,  # [queue]
    tail: Flat,  # [queue]
    # What is written, [visit], with room for every one.
    visit_case: Flat,
    visit_queue: Flat,
    joined: Flat,
    started: Flat,  # infinite until it is
    ended: Flat,  # infinite until it is
    state: Flat,
    attempt: Flat,
    after: Flat,
    queued: Flat,  # None, with ``places`` and ``left``, where there is one class
    leave_by: Flat,  # when it leaves if it still waits, or, in service, the days left; None
    awaited: Flat,  # 1 where it stands among those who may leave; None where nobody leaves
    left: Flat,  # work left of a case that was interrupted; None where none is
) -> int:
    """Run until the end; how many visits there were."""
    stages, cases, changes = len(staff), len(case_time), len(change_time)
    case, change, visits, leaving = 0, 0, 0, 0
    while True:
        # What is next? At one moment: who is done, then changes, then who leaves, then who comes.
        now = case_time[case] if case < cases else _NEVER
        kind, stage = _COMES, -1
        if patience is not None:  # noqa: SIM102  # so that the compiler leaves it out
            if leaving > 0 and leave_key[0] <= now:
                now, kind = leave_key[0], _LEAVES
        if change < changes and change_time[change] <= now:
            now, kind = change_time[change], _CHANGES
        for s in range(stages):
            if done_at[s] <= now:
                now, kind, stage = done_at[s], _DONE, s
        if now > until or now == _NEVER:
            break

        # Who joins a queue: a case that comes or goes on (joins), or one called again (back).
        joins, to_stage, class_, back = -1, -1, 0, -1
        if kind == _COMES:
            joins, to_stage, class_ = case, case_stage[case], case_class[case]
            case += 1
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
                        queue = visit_queue[visit]
                        length[queue] -= 1
                        waiting[queue // classes] -= 1
        elif kind == _CHANGES:
            code, value = change_code[change], change_value[change]
            change += 1
            stage = code >> 1
            if stage >= stages:
                if free is not None:  # pragma: no branch  # said for the compiler
                    free[code - 2 * stages] += int(value)
            elif code & 1:
                work_done[stage] += speed[stage] * (now - reckoned[stage])
                reckoned[stage] = now
                speed[stage] = value
            else:
                staff[stage] = int(value)
                # Handed over: the last ones started go back to the head of their queue.
                if left is not None:
                    while finish[stage] == 0 and busy[stage] > staff[stage]:
                        base = heap_at[stage]
                        last = base
                        for place in range(base + 1, base + busy[stage]):
                            one, other = heap_item[place], heap_item[last]
                            if started[one] > started[other] or (
                                started[one] == started[other] and one > other
                            ):
                                last = place
                        visit = heap_item[last]
                        reached = work_done[stage] + speed[stage] * (now - reckoned[stage])
                        left[visit] = max(heap_key[last] - reached, 0.0)
                        drop(heap_key, heap_item, base, busy[stage], last - base)
                        busy_days[stage] += busy[stage] * (now - busy_since[stage])
                        busy_since[stage] = now
                        busy[stage] -= 1
                        state[visit] = INTERRUPTED
                        queue = visit_queue[visit]
                        if free is not None:
                            for row in range(need_at[queue], need_at[queue + 1]):
                                free[need[row]] += 1
                        if length[queue] == 0:
                            tail[queue] = visit
                        else:
                            after[visit] = head[queue]
                        head[queue] = visit
                        length[queue] += 1
                        waiting[stage] += 1
                        if patience is not None:
                            leave_by[visit] += now
                            if awaited[visit] == 0:
                                push(leave_key, leave_item, 0, leaving, leave_by[visit], visit)
                                leaving += 1
                                awaited[visit] = 1
        else:
            base = heap_at[stage]
            visit = heap_item[base]
            drop(heap_key, heap_item, base, busy[stage], 0)
            busy_days[stage] += busy[stage] * (now - busy_since[stage])
            busy_since[stage] = now
            busy[stage] -= 1
            queue = visit_queue[visit]
            if free is not None:
                for row in range(need_at[queue], need_at[queue + 1]):
                    free[need[row]] += 1
            to_stage = route[attempt[visit]]
            if to_stage == AGAIN:
                back = visit
            else:
                state[visit] = FINISHED
                ended[visit] = now
                if to_stage != OUT:
                    joins, class_ = visit_case[visit], queue - stage * classes

        if joins >= 0:
            queue = to_stage * classes + class_
            visit_case[visits] = joins
            visit_queue[visits] = queue
            joined[visits] = now
            started[visits] = _NEVER
            ended[visits] = _NEVER
            full = False
            if places is not None:
                full = waiting[to_stage] + busy[to_stage] >= places[to_stage]
            if full:
                state[visits] = TURNED_AWAY
                ended[visits] = now
            else:
                back = visits
                if patience is not None:
                    leave_by[visits] = patience[patiences[queue]]
                    patiences[queue] += 1
                    awaited[visits] = 0
            visits += 1
        if back >= 0:
            queue = visit_queue[back]
            state[back] = WAITING
            started[back] = _NEVER
            if queued is not None:
                queued[back] = now
            if length[queue] == 0:
                head[queue] = back
            else:
                after[tail[queue]] = back
            tail[queue] = back
            length[queue] += 1
            waiting[queue // classes] += 1
            if patience is not None:
                leave_by[back] += now
                if awaited[back] == 0:
                    push(leave_key, leave_item, 0, leaving, leave_by[back], back)
                    leaving += 1
                    awaited[back] = 1

        # Who starts? Where a server may have become free, and where somebody came; everywhere if
        # stages share servers, the later ones first, so that what is begun is brought to its end.
        low, high = stage, stage
        if free is not None:
            low, high = 0, stages - 1
        elif to_stage >= 0:
            low, high = min(stage, to_stage), max(stage, to_stage)
            if stage < 0:
                low = to_stage
        elif stage < 0:
            low, high = 0, -1
        for s in range(high, low - 1, -1):
            while waiting[s] > 0 and busy[s] < staff[s] and speed[s] > 0.0:
                chosen = -1
                if queued is None:
                    # One class: its queue has the number of its stage.
                    chosen = s
                    if patience is not None:
                        while state[head[s]] == LEFT:
                            head[s] = after[head[s]]
                    if free is not None:
                        for row in range(need_at[s], need_at[s + 1]):
                            if free[need[row]] <= 0:
                                chosen = -1
                else:
                    for c in range(classes):
                        queue = s * classes + c
                        able = length[queue] > 0
                        if patience is not None:
                            while able and state[head[queue]] == LEFT:
                                head[queue] = after[head[queue]]
                        if free is not None:
                            for row in range(need_at[queue], need_at[queue + 1]):
                                able = able and free[need[row]] > 0
                        if able and (
                            chosen < 0
                            or priority[queue] < priority[chosen]
                            or (
                                priority[queue] == priority[chosen]
                                and queued[head[queue]] < queued[head[chosen]]
                            )
                        ):
                            chosen = queue
                if chosen < 0:
                    break
                visit = head[chosen]
                head[chosen] = after[visit]
                length[chosen] -= 1
                waiting[s] -= 1
                reached = work_done[s] + speed[s] * (now - reckoned[s])
                resumed = False
                if left is not None:  # noqa: SIM102
                    if state[visit] == INTERRUPTED:
                        resumed = True
                        reached += left[visit]
                if not resumed:
                    row = attempts[chosen]
                    attempts[chosen] += 1
                    attempt[visit] = row
                    started[visit] = now
                    reached += work[row]
                if patience is not None:
                    # From here on the days of waiting that are left; a moment again if it waits.
                    leave_by[visit] -= now
                state[visit] = IN_SERVICE
                push(heap_key, heap_item, heap_at[s], busy[s], reached, visit)
                busy_days[s] += busy[s] * (now - busy_since[s])
                busy_since[s] = now
                busy[s] += 1
                if free is not None:
                    for row in range(need_at[chosen], need_at[chosen + 1]):
                        free[need[row]] -= 1
            if busy[s] > 0 and speed[s] > 0.0:
                first = heap_key[heap_at[s]] - work_done[s]
                done_at[s] = max(reckoned[s] + first / speed[s], now)
            else:
                done_at[s] = _NEVER
    for s in range(stages):
        busy_days[s] += busy[s] * (until - busy_since[s])
    return visits
