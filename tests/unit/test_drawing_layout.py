"""Where boxes and ways of a picture are: nothing is drawn over anything, and the calls go to the right."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_plusofon.routes.drawing.columns import Columns, in_columns
from pulumi_plusofon.routes.drawing.layout import PORT, Box, Layout, Point, Size, laid_out
from pulumi_plusofon.routes.picture import Edge, Node, Picture

_SIZES = st.builds(Size, st.integers(60, 300), st.integers(20, 100))


def picture(count: int, targets: int, edges: list[tuple[int, int]]) -> Picture:
    """So many numbers, then so many targets; edges by index."""
    nodes = [Node(f"n{at}", f"n{at}", "number" if at < count else "target") for at in range(count + targets)]
    return Picture("", tuple(nodes), tuple(Edge(f"n{source}", f"n{target}") for source, target in edges))


def pictures() -> st.SearchStrategy[Picture]:
    return st.integers(1, 8).flatmap(
        lambda count: st.integers(0, 3).flatmap(
            lambda targets: st.builds(
                picture,
                st.just(count),
                st.just(targets),
                st.lists(
                    st.tuples(st.integers(0, count - 1), st.integers(0, count + targets - 1)), max_size=16
                ),
            )
        )
    )


def plain(drawn: Picture) -> Layout:
    return laid_out(drawn, [Size(100, 40)] * len(drawn.nodes), [12] * len(drawn.edges))


def columns_of(drawn: Picture) -> Columns:
    index = {node.key: at for at, node in enumerate(drawn.nodes)}
    return in_columns(len(drawn.nodes), [(index[edge.source], index[edge.target]) for edge in drawn.edges])


def meets(first: Point, other: Point, box: Box) -> bool:
    """Whether a part of a way may go over a box. It stays between its points, or in the gap at a turn."""
    low, high = sorted((first.y, other.y))
    left, right = sorted((first.x, other.x))
    return box.y < high and low < box.y + box.height and box.x < right and left < box.right


@given(pictures(), st.data())
def test_boxes_do_not_touch_and_no_way_goes_over_one(drawn: Picture, data: st.DataObject) -> None:
    sizes = data.draw(st.lists(_SIZES, min_size=len(drawn.nodes), max_size=len(drawn.nodes)))
    layout = laid_out(drawn, sizes, [50] * len(drawn.edges))
    for first, other in combinations(layout.boxes, 2):
        assert first.right < other.x or other.right < first.x or not overlap(first, other)
    for way in layout.ways:
        for start, end in pairwise(way):
            assert not [box for box in layout.boxes if meets(start, end, box)]


def overlap(first: Box, other: Box) -> bool:
    return first.y <= other.y + other.height and other.y <= first.y + first.height


@given(pictures())
def test_a_way_leaves_its_source_at_the_right_and_arrives_at_the_left(drawn: Picture) -> None:
    layout = plain(drawn)
    boxes = dict(zip((node.key for node in drawn.nodes), layout.boxes, strict=True))
    for edge, way in zip(drawn.edges, layout.ways, strict=True):
        source, target = boxes[edge.source], boxes[edge.target]
        assert way[0].x == source.right
        assert source.y < way[0].y < source.y + source.height
        assert way[0].heading == way[-1].heading == 1
        assert way[-1] == (target.x, target.middle, 1)
    assert all(
        0 < point.x < layout.width and 0 < point.y < layout.height for way in layout.ways for point in way
    )


@given(pictures())
@example(picture(6, 0, [(at, (at + 1) % 6) for at in range(6)]))
def test_a_way_that_leads_back_turns_twice_and_goes_to_the_left_between(drawn: Picture) -> None:
    back = columns_of(drawn).back
    for at, way in enumerate(plain(drawn).ways):
        assert [point.heading for point in way].count(-1) == (2 if at in back else 0)
        for first, other in pairwise(way):
            assert first.heading != other.heading or (other.x - first.x) * first.heading >= 0


@given(pictures())
def test_edges_that_leave_one_box_have_room_for_a_line_of_text(drawn: Picture) -> None:
    ports: dict[str, list[float]] = {}
    for edge, way in zip(drawn.edges, plain(drawn).ways, strict=True):
        ports.setdefault(edge.source, []).append(way[0].y)
    for heights in ports.values():
        assert all(other - first >= PORT for first, other in pairwise(sorted(heights)))


@given(pictures())
def test_only_edges_that_close_a_loop_lead_back(drawn: Picture) -> None:
    columns = columns_of(drawn)
    index = {node.key: at for at, node in enumerate(drawn.nodes)}
    for at, edge in enumerate(drawn.edges):
        source, target = index[edge.source], index[edge.target]
        assert (columns.column[source] < columns.column[target]) != (at in columns.back)
        assert at not in columns.back or target == source or reaches(drawn, edge.target, edge.source)


def reaches(drawn: Picture, start: str, end: str) -> bool:
    reached = [start]
    for here in reached:
        reached += {edge.target for edge in drawn.edges if edge.source == here} - set(reached)
    return end in reached


COLUMNS = {
    "one number": (picture(1, 1, [(0, 1)]), [["n0"], ["n1"]]),
    "a chain": (picture(3, 1, [(0, 1), (1, 2), (2, 3)]), [["n0"], ["n1"], ["n2"], ["n3"]]),
    "numbers beside that to which one leads": (
        picture(3, 1, [(0, 1), (1, 3), (2, 3)]),
        [["n0"], ["n1", "n2"], ["n3"]],
    ),
    "a target beside the number that others lead to": (
        picture(2, 2, [(0, 2), (0, 1), (1, 3)]),
        [["n0"], ["n2", "n1"], ["n3"]],
    ),
    "a loop": (picture(2, 0, [(0, 1), (1, 0)]), [["n0"], ["n1"]]),
    "a loop of one": (picture(1, 0, [(0, 0)]), [["n0"]]),
    "a loop that a number leads into": (picture(3, 0, [(0, 1), (1, 0), (2, 0)]), [["n2"], ["n0"], ["n1"]]),
    "numbers of several targets": (
        picture(3, 3, [(0, 5), (1, 4), (1, 5), (2, 3), (2, 4)]),
        [["n0", "n1", "n2"], ["n5", "n4", "n3"]],
    ),
}


@pytest.mark.parametrize(("drawn", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_nodes_stand_in_columns_in_an_order_without_crossings(
    drawn: Picture, expected: list[list[str]]
) -> None:
    columns = columns_of(drawn)
    (band,) = columns.bands
    assert [[drawn.nodes[at].label for at in stack] for stack in columns.of(band)] == expected


BANDS = {
    "nothing": (picture(0, 0, []), []),
    "no edges": (picture(2, 0, []), ["n0", "n1"]),
    "crossed": (picture(2, 2, [(0, 3), (1, 2)]), ["n0 n3", "n1 n2"]),
    "mixed up": (picture(4, 2, [(0, 4), (1, 5), (2, 4), (3, 5)]), ["n0 n4 n2", "n1 n5 n3"]),
    "a number between others that hang together": (
        picture(4, 4, [(0, 4), (0, 5), (1, 5), (1, 6), (3, 6), (3, 7)]),
        ["n0 n4 n5 n1 n6 n3 n7", "n2"],
    ),
}


@pytest.mark.parametrize(("drawn", "expected"), BANDS.values(), ids=BANDS)
def test_nodes_that_hang_together_stand_in_one_band(drawn: Picture, expected: list[str]) -> None:
    assert [" ".join(drawn.nodes[at].label for at in band) for band in columns_of(drawn).bands] == expected


@given(pictures())
def test_bands_do_not_overlap(drawn: Picture) -> None:
    layout = plain(drawn)
    bottom = 0
    for band in columns_of(drawn).bands:
        assert min(layout.boxes[at].y for at in band) > bottom
        bottom = max(layout.boxes[at].y + layout.boxes[at].height for at in band)


def test_numbers_stand_around_their_target() -> None:
    drawn = picture(14, 2, [(at, 14 + at // 7) for at in range(14)])
    *numbers, first, second = plain(drawn).boxes
    assert first.middle == pytest.approx(numbers[3].middle, abs=1)
    assert second.middle == pytest.approx(numbers[10].middle, abs=1)


def test_a_chain_is_straight() -> None:
    drawn = picture(5, 1, [(at, at + 1) for at in range(5)])
    assert len({box.middle for box in plain(drawn).boxes}) == 1


def test_a_column_is_not_torn_apart_by_its_targets() -> None:
    drawn = picture(60, 9, [(at, 60 + at % 9) for at in range(60)])
    assert plain(drawn).height < 60 * 60 + 9 * 60
