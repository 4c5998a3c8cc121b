"""The blueprint of scores: why a record has its score, and the rules in the settings."""

from flask.sansio.blueprints import BlueprintSetupState

from web.scoring.words import signed
from web.tenancy import tenant_pages

pages = tenant_pages("scoring", __name__)


@pages.record_once
def words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters.update(signed=signed)
