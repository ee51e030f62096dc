"""Progress of loops and uploads."""

import chirrup
from chirrup.progress import Progress, show
from test_writes import png


def test_a_loop_reports_its_progress(client):
    counts = []
    items = client.search_recent.items("the", limit=30)
    posts = list(Progress(items, total=30, report=counts.append, every=0))
    assert len(posts) == 30 and isinstance(posts[0], chirrup.Object)
    assert [count.done for count in counts] == [*range(1, 31), 30]
    assert [count.is_last for count in counts] == [False] * 30 + [True] and counts[-1].rate > 0


async def test_a_loop_of_asyncio_reports_its_progress(async_client):
    counts = []
    async for _ in Progress(async_client.search_recent.items("the", limit=30), report=counts.append, every=3600):
        pass
    assert [count.done for count in counts] == [1, 30]


def test_progress_is_shown_on_stderr(client, capsys):
    for _ in Progress(client.search_recent.items("the", limit=12), total=12):
        pass
    client.upload(png(), on_progress=show)
    shown = capsys.readouterr().err
    assert "12 of 12 (100 %)" in shown and "bytes (100 %)" in shown and shown.endswith("\n")
