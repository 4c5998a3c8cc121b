"""Routes of the pipelines' settings: for who holds settings.stages."""

from tests.wall.routes import look, tenant

EMPTY_STAGE = look("SELECT id FROM stages WHERE kind = 'open' ORDER BY position OFFSET 2 LIMIT 1")
PIPELINE = look("SELECT id FROM pipelines LIMIT 1")
REASON = look("SELECT id FROM lost_reasons ORDER BY position LIMIT 1")

ROUTES = {
    "GET stages.index": tenant(may="alice"),
    "GET stages.create": tenant(may="alice", pipeline=PIPELINE),
    "POST stages.create": tenant(may="alice", pipeline=PIPELINE, data={"name": "Trial", "probability": "40", "slow_after": "7"}),
    "GET stages.edit": tenant(may="alice", stage_id=EMPTY_STAGE),
    "POST stages.edit": tenant(may="alice", stage_id=EMPTY_STAGE, data={"name": "Offer", "probability": "55", "slow_after": "9"}),
    "POST stages.place": tenant(may="alice", stage_id=EMPTY_STAGE, data={"position": "0"}),
    "GET stages.remove": tenant(may="alice", stage_id=EMPTY_STAGE),
    "POST stages.remove": tenant(may="alice", stage_id=EMPTY_STAGE, data={"sure": "1"}),
    "GET stages.create_pipeline": tenant(may="alice"),
    "POST stages.create_pipeline": tenant(may="alice", data={"name": "Renewals", "like": PIPELINE}),
    "GET stages.rename_pipeline": tenant(may="alice", pipeline_id=PIPELINE),
    "POST stages.rename_pipeline": tenant(may="alice", pipeline_id=PIPELINE, data={"name": "Direct sales"}),
    "GET stages.archive_pipeline": tenant(may="alice", pipeline_id=PIPELINE),
    "POST stages.archive_pipeline": tenant(may="alice", pipeline_id=PIPELINE, data={"sure": "1"}, answers={422}),
    "POST stages.restore_pipeline": tenant(may="alice", pipeline_id=PIPELINE),
    "GET stages.create_reason": tenant(may="alice"),
    "POST stages.create_reason": tenant(may="alice", data={"name": "Too slow"}),
    "GET stages.rename_reason": tenant(may="alice", reason_id=REASON),
    "POST stages.rename_reason": tenant(may="alice", reason_id=REASON, data={"name": "Too dear"}),
    "POST stages.remove_reason": tenant(may="alice", reason_id=REASON),
    "POST stages.restore_reason": tenant(may="alice", reason_id=REASON),
}
