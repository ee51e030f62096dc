"""Writes: the outbox, uploads, and what calls cost."""

import struct
import zlib
from decimal import Decimal

import chirrup
import pytest


def png(width=2000, height=1500):
    """Returns an image of several megabytes, which is sent in parts."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(width * 3) for _ in range(height)), 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows[: 4_500_000]) + chunk(b"IEND", b"")


def posts(sandbox):
    return [each for each in sandbox.journal() if each["endpoint"] == "create_post"]


def test_the_outbox_performs_a_write_once(tmp_path, client, sandbox):
    outbox = chirrup.Outbox(tmp_path)
    before = len(posts(sandbox))
    first = outbox.once("morning", client.create_post, text="Good morning, birds")
    again = chirrup.Outbox(tmp_path).once("morning", client.create_post, text="Good morning, birds")
    assert first.data.id == again.data.id and len(posts(sandbox)) == before + 1
    with pytest.raises(chirrup.ArgumentError, match="different write"):
        outbox.once("morning", client.create_post, text="Good evening, birds")
    with pytest.raises(TypeError, match="client.create_post"):
        outbox.once("morning", print)


async def test_the_outbox_finds_a_write_whose_response_was_lost(tmp_path, async_client, sandbox):
    sandbox.add_fault(fault="close_after_processing", endpoint="create_post", times=1)
    outbox = chirrup.Outbox(tmp_path)
    lost = await outbox.once("lost", async_client.create_post, text="Lost and found")
    assert (await async_client.get_post(lost.data.id)).data.text == "Lost and found"
    sandbox.clear_faults()


def test_an_upload_reports_its_progress(tmp_path, client):
    image = png()
    path = tmp_path / "image.png"
    path.write_bytes(image)
    steps = []
    uploaded = client.upload(path, alt_text="Nothing but black", on_progress=steps.append)
    assert (uploaded.media_type, uploaded.size) == ("image/png", len(image)) and uploaded.key
    sent = [step.sent for step in steps if step.kind == "sent"]
    assert sent == sorted(sent) and sent[-1] == len(image) == steps[-1].total
    post = client.create_post(text="An image", media={"media_ids": [uploaded.id]}).data
    assert client.get_post(post.id, expansions=["attachments.media_keys"]).includes.media[0].media_key == uploaded.key
    with pytest.raises(chirrup.MediaError, match="media type"):
        client.upload(b"not an image")


async def test_an_error_in_a_callback_does_not_end_an_upload(async_client, monkeypatch):
    reported = []
    monkeypatch.setattr("sys.unraisablehook", reported.append)
    uploaded = await async_client.upload(png(20, 15), on_progress=lambda progress: progress.missing)
    assert uploaded.id and reported[0].exc_type is AttributeError


def test_spending_is_reported_by_day_and_endpoint(tmp_path, sandbox):
    settings = {"base_url": sandbox.url, "credentials": sandbox.credentials, "ledger": tmp_path}
    client = chirrup.Client(**settings)
    price = client.create_post.estimate(text="Priced")
    client.create_post(text="Priced")
    assert client.spent.run == client.spent.day == client.spent.month == price > 0
    other = chirrup.Client(**settings)
    other.search_recent("the", max_results=10)
    report = other.spending_report()
    assert [row.endpoint for row in report] == ["create_post", "search_recent"]
    assert sum(row.cost for row in report) == price + other.spent.run and report[1].resources == 10
    assert isinstance(report[0].cost, Decimal) and report[0].calls == 1 and report[0].unsettled == 0


def test_headers_of_a_client_are_sent(sandbox):
    client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials, headers={"x-trace": "7"}, max_body=100_000)
    assert client.get_me().status == 200
    with pytest.raises(chirrup.ConfigurationError):
        chirrup.Client(headers={"x trace": "7"})
    with pytest.raises(TypeError, match="unexpected keyword argument 'header'"):
        chirrup.Client(header={})


def test_hints_hold_for_python_as_well(sandbox):
    app = chirrup.Client(base_url=sandbox.url, bearer_token="wrong")
    with pytest.raises(chirrup.CredentialsError) as missing:
        app.create_post(text="Hello")
    assert "to those of the client" in missing.value.hint
    slow = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials, timeout=0.2, retries=0)
    sandbox.add_fault(fault="delay_response", seconds=5, endpoint="get_me", times=1)
    with pytest.raises(chirrup.TimeoutError) as late:
        slow.get_me()
    assert "`timeout`" in late.value.hint
