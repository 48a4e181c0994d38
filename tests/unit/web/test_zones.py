"""The list of time zones."""

from syndicate.web.zones import zone_options


def test_the_chosen_zone_is_chosen_once() -> None:
    """Zones on the list are chosen where they stand; any other stands first, as text."""
    usual, odd = zone_options("Europe/London"), zone_options('"><script>')

    assert usual.count("selected") == odd.count("selected") == 1
    assert '<option value="Europe/London" selected>London</option>' in usual
    assert odd.startswith('<option value="&#34;&gt;&lt;script&gt;" selected>')
    assert '<option value="America/Argentina/Buenos_Aires">Argentina – Buenos Aires</option>' in usual
