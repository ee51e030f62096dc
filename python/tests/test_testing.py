"""Cassettes, and the plugin of pytest."""

import chirrup
import pytest
from chirrup.testing import use_cassette

VCR = """
interactions:
- request:
    body: null
    headers: {}
    method: GET
    uri: https://api.twitter.com/2/users/me
  response:
    body:
      string: '{"data":{"id":"7","name":"Recorded","username":"recorded"}}'
    headers:
      content-type: [application/json]
    status: {code: 200, message: OK}
version: 1
"""


def test_a_cassette_is_recorded_and_replayed(tmp_path, client, sandbox):
    file = tmp_path / "cassettes" / "me.yaml"
    with use_cassette(file):
        assert client.get_me().data.username == "ada"
    assert "get" in file.read_text().lower() and "token" not in file.read_text()
    requests = len(sandbox.journal())
    with use_cassette(file) as cassette:
        assert client.get_me().data.username == "ada"
        assert cassette.unplayed == []
        with pytest.raises(chirrup.Error):
            client.search_recent("the")
    assert len(sandbox.journal()) == requests
    assert client.get_me().data.username == "ada"


async def test_a_cassette_of_vcr_decorates_functions(tmp_path, client, async_client):
    file = tmp_path / "me.yaml"
    file.write_text(VCR)

    @use_cassette(file, record_mode="none")
    def name():
        return client.get_me().data.name

    @use_cassette(file, record_mode="none")
    async def async_name():
        return (await async_client.get_me()).data.name

    assert [name(), name(), await async_name()] == ["Recorded"] * 3


def test_the_plugin_has_fixtures(pytestconfig, request):
    if not pytestconfig.pluginmanager.has_plugin("chirrup"):
        pytest.skip("the package is not installed, so that pytest does not find its plugin")
    assert request.getfixturevalue("chirrup_client").get_me().data.username == "ada"
