"""First tables

Revision: 0001, after 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

APPENDED = ("figure_entry", "change")


def upgrade() -> None:
    op.create_table('agency',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('clause', sa.String(length=20), nullable=False),
    sa.Column('name_vi', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('short_vi', sa.String(length=60), nullable=False),
    sa.Column('short_en', sa.String(length=60), nullable=False),
    sa.Column('is_standing', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_agency_valid_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency')),
    sa.UniqueConstraint('slug', name=op.f('uq_agency_slug'))
    )
    op.create_table('area',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('full_name_vi', sa.String(length=160), nullable=False),
    sa.Column('full_name_en', sa.String(length=160), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('tile_row', sa.Integer(), nullable=True),
    sa.Column('tile_column', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('area_km2', sa.Float(), nullable=True),
    sa.CheckConstraint("kind IN ('country', 'province', 'town', 'commune')", name=op.f('ck_area_kind_known')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_area_position_whole')),
    sa.CheckConstraint('(tile_row IS NULL) = (tile_column IS NULL)', name=op.f('ck_area_tile_whole')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90', name=op.f('ck_area_latitude_range')),
    sa.CheckConstraint('longitude BETWEEN -180 AND 180', name=op.f('ck_area_longitude_range')),
    sa.CheckConstraint('parent_id IS NULL OR parent_id <> id', name=op.f('ck_area_parent_other')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_area_valid_order')),
    sa.ForeignKeyConstraint(['parent_id'], ['area.id'], name=op.f('fk_area_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_area_code_valid_from')),
    sa.UniqueConstraint('slug', name=op.f('uq_area_slug'))
    )
    with op.batch_alter_table('area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_parent_id'), ['parent_id'], unique=False)

    op.create_table('change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_login', sa.String(length=60), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('subject_id', sa.String(length=80), nullable=False),
    sa.Column('before', sa.Text(), nullable=True),
    sa.Column('after', sa.Text(), nullable=True),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change')),
    sa.UniqueConstraint('hash', name=op.f('uq_change_hash'))
    )
    op.create_table('period',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=10), nullable=False),
    sa.Column('communes_before', sa.Date(), nullable=True),
    sa.Column('town_before', sa.Date(), nullable=True),
    sa.Column('clause', sa.String(length=60), nullable=False),
    sa.CheckConstraint("part IN ('half', 'year')", name=op.f('ck_period_part_known')),
    sa.CheckConstraint('(communes_before IS NULL) = (town_before IS NULL)', name=op.f('ck_period_deadlines_together')),
    sa.CheckConstraint('town_before > communes_before', name=op.f('ck_period_town_after_communes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_period')),
    sa.UniqueConstraint('year', 'part', name=op.f('uq_period_year_part'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_attempt_address_at', ['address', 'at'], unique=False)
        batch_op.create_index('ix_sign_in_attempt_login_at', ['login', 'at'], unique=False)

    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(role = 'agency_officer') = (agency_id IS NOT NULL)", name=op.f('ck_account_agency_by_role')),
    sa.CheckConstraint("(role = 'commune_officer') = (area_id IS NOT NULL)", name=op.f('ck_account_area_by_role')),
    sa.CheckConstraint("language IN ('vi', 'en')", name=op.f('ck_account_language_known')),
    sa.CheckConstraint("login = lower(login) AND login <> ''", name=op.f('ck_account_login_lower')),
    sa.CheckConstraint("role IN ('viewer', 'commune_officer', 'agency_officer', 'town_officer', 'administrator')", name=op.f('ck_account_role_known')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_account_agency_id')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_account_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login'))
    )
    op.create_table('indicator',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('grouping', sa.String(length=20), nullable=False),
    sa.Column('scope', sa.String(length=20), nullable=False),
    sa.Column('direction', sa.String(length=10), nullable=False),
    sa.Column('clause', sa.String(length=60), nullable=False),
    sa.Column('name_vi', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('short_vi', sa.String(length=80), nullable=False),
    sa.Column('short_en', sa.String(length=80), nullable=False),
    sa.Column('unit_vi', sa.String(length=60), nullable=False),
    sa.Column('unit_en', sa.String(length=60), nullable=False),
    sa.Column('unit_scale', sa.Integer(), nullable=False),
    sa.Column('numerator_vi', sa.String(length=300), nullable=False),
    sa.Column('numerator_en', sa.String(length=300), nullable=False),
    sa.Column('denominator_vi', sa.String(length=300), nullable=False),
    sa.Column('denominator_en', sa.String(length=300), nullable=False),
    sa.Column('definition_vi', sa.String(length=2000), nullable=False),
    sa.Column('definition_en', sa.String(length=2000), nullable=False),
    sa.Column('is_cumulative', sa.Boolean(), nullable=False),
    sa.Column('is_sensitive', sa.Boolean(), nullable=False),
    sa.Column('splits_rule', sa.String(length=20), nullable=False),
    sa.Column('derived_from', sa.String(length=40), nullable=True),
    sa.Column('lead_agency_id', sa.Integer(), nullable=False),
    sa.Column('lead_certainty', sa.String(length=20), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_indicator_certainty_known')),
    sa.CheckConstraint("direction IN ('up', 'down')", name=op.f('ck_indicator_direction_known')),
    sa.CheckConstraint("grouping IN ('target', 'monitoring', 'budget', 'fund')", name=op.f('ck_indicator_grouping_known')),
    sa.CheckConstraint("kind <> 'ratio' OR (denominator_vi <> '' AND denominator_en <> '')", name=op.f('ck_indicator_ratio_has_denominator')),
    sa.CheckConstraint("kind IN ('ratio', 'share_of_communes', 'count', 'money')", name=op.f('ck_indicator_kind_known')),
    sa.CheckConstraint("scope IN ('commune', 'town')", name=op.f('ck_indicator_scope_known')),
    sa.CheckConstraint("splits_rule IN ('none', 'subsets', 'parts')", name=op.f('ck_indicator_splits_rule_known')),
    sa.CheckConstraint('unit_scale >= 1', name=op.f('ck_indicator_unit_scale_positive')),
    sa.ForeignKeyConstraint(['lead_agency_id'], ['agency.id'], name=op.f('fk_indicator_lead_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator')),
    sa.UniqueConstraint('code', name=op.f('uq_indicator_code')),
    sa.UniqueConstraint('position', name=op.f('uq_indicator_position'))
    )
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_indicator_lead_agency_id'), ['lead_agency_id'], unique=False)

    op.create_table('installation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('is_demonstration', sa.Boolean(), nullable=False),
    sa.Column('demonstration_day', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_installation_only_one')),
    sa.CheckConstraint('is_demonstration OR demonstration_day IS NULL', name=op.f('ck_installation_day_only_in_demonstration')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_installation_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_installation'))
    )
    op.create_table('plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('title_vi', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('issuer_vi', sa.String(length=200), nullable=False),
    sa.Column('issuer_en', sa.String(length=200), nullable=False),
    sa.Column('basis_vi', sa.String(length=1000), nullable=False),
    sa.Column('basis_en', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_plan_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('year', name=op.f('uq_plan_year'))
    )
    op.create_table('login_session',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.CheckConstraint('expires_at > created_at', name=op.f('ck_login_session_expiry_after_start')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_login_session_account_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_login_session'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_session_account_id'), ['account_id'], unique=False)

    op.create_table('reference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('value_bp', sa.Integer(), nullable=False),
    sa.Column('source_vi', sa.String(length=300), nullable=False),
    sa.Column('source_en', sa.String(length=300), nullable=False),
    sa.Column('note_vi', sa.String(length=600), nullable=False),
    sa.Column('note_en', sa.String(length=600), nullable=False),
    sa.Column('is_same_definition', sa.Boolean(), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_reference_certainty_known')),
    sa.CheckConstraint('value_bp BETWEEN 0 AND 10000', name=op.f('ck_reference_value_range')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_reference_indicator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference')),
    sa.UniqueConstraint('indicator_id', 'year', name=op.f('uq_reference_indicator_id_year'))
    )
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('data_as_of', sa.Date(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name=op.f('ck_report_submission_by_state')),
    sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f('ck_report_state_known')),
    sa.CheckConstraint('(submitted_at IS NULL) = (submitted_by IS NULL)', name=op.f('ck_report_submission_whole')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_report_version_positive')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_report_area_id')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_report_period_id')),
    sa.ForeignKeyConstraint(['submitted_by'], ['account.id'], name=op.f('fk_report_submitted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('area_id', 'period_id', name=op.f('uq_report_area_id_period_id'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_period_id'), ['period_id'], unique=False)

    op.create_table('split',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_vi', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_split_indicator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_split')),
    sa.UniqueConstraint('indicator_id', 'slug', name=op.f('uq_split_indicator_id_slug'))
    )
    op.create_table('target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('year_from', sa.Integer(), nullable=False),
    sa.Column('year_to', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('value_bp', sa.Integer(), nullable=True),
    sa.Column('near_bp', sa.Integer(), nullable=False),
    sa.Column('clause', sa.String(length=60), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.CheckConstraint("(kind = 'increase') = (value_bp IS NULL)", name=op.f('ck_target_value_by_kind')),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_target_certainty_known')),
    sa.CheckConstraint("kind IN ('at_least', 'share_of_communes', 'increase')", name=op.f('ck_target_kind_known')),
    sa.CheckConstraint('near_bp BETWEEN 0 AND 10000', name=op.f('ck_target_near_range')),
    sa.CheckConstraint('value_bp BETWEEN 0 AND 10000', name=op.f('ck_target_value_range')),
    sa.CheckConstraint('year_to IS NULL OR year_to >= year_from', name=op.f('ck_target_years_in_order')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_target_indicator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sa.UniqueConstraint('indicator_id', 'year_from', name=op.f('uq_target_indicator_id_year_from'))
    )
    op.create_table('figure_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('split_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(length=20), nullable=False),
    sa.Column('numerator', sa.BigInteger(), nullable=True),
    sa.Column('denominator', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(answer = 'figure') = (numerator IS NOT NULL OR denominator IS NOT NULL)", name=op.f('ck_figure_entry_values_by_answer')),
    sa.CheckConstraint("answer IN ('figure', 'nil', 'not_applicable', 'not_reported')", name=op.f('ck_figure_entry_answer_known')),
    sa.CheckConstraint('denominator >= 0', name=op.f('ck_figure_entry_denominator_not_negative')),
    sa.CheckConstraint('numerator <= denominator', name=op.f('ck_figure_entry_numerator_within_denominator')),
    sa.CheckConstraint('numerator >= 0', name=op.f('ck_figure_entry_numerator_not_negative')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_figure_entry_version_positive')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_figure_entry_area_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_figure_entry_entered_by')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_figure_entry_period_id')),
    sa.ForeignKeyConstraint(['split_id'], ['split.id'], name=op.f('fk_figure_entry_split_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_entry')),
    sa.UniqueConstraint('split_id', 'area_id', 'period_id', 'version', name=op.f('uq_figure_entry_split_id_area_id_period_id_version')),
    sa.UniqueConstraint('token', name=op.f('uq_figure_entry_token'))
    )
    op.create_table('figure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('split_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(length=20), nullable=False),
    sa.Column('numerator', sa.BigInteger(), nullable=True),
    sa.Column('denominator', sa.BigInteger(), nullable=True),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(answer = 'figure') = (numerator IS NOT NULL OR denominator IS NOT NULL)", name=op.f('ck_figure_values_by_answer')),
    sa.CheckConstraint("answer IN ('figure', 'nil', 'not_applicable', 'not_reported')", name=op.f('ck_figure_answer_known')),
    sa.CheckConstraint('denominator >= 0', name=op.f('ck_figure_denominator_not_negative')),
    sa.CheckConstraint('numerator <= denominator', name=op.f('ck_figure_numerator_within_denominator')),
    sa.CheckConstraint('numerator >= 0', name=op.f('ck_figure_numerator_not_negative')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_figure_version_positive')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_figure_area_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_figure_entered_by')),
    sa.ForeignKeyConstraint(['entry_id'], ['figure_entry.id'], name=op.f('fk_figure_entry_id')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_figure_period_id')),
    sa.ForeignKeyConstraint(['split_id'], ['split.id'], name=op.f('fk_figure_split_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_figure_entry_id')),
    sa.UniqueConstraint('split_id', 'area_id', 'period_id', name=op.f('uq_figure_split_id_area_id_period_id'))
    )
    with op.batch_alter_table('figure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_figure_period_id'), ['period_id'], unique=False)
    _guard_appended_rows()


def _guard_appended_rows() -> None:
    """Entries and changes are only ever added: the database itself refuses to alter or delete them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = '23001'; END $$
            """
        )
    for table in APPENDED:
        for deed in ("UPDATE", "DELETE"):
            op.execute(_guard(table, deed))


def _guard(table: str, deed: str) -> str:
    head = f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPENDED:
            for deed in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{deed} ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
    with op.batch_alter_table('figure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_figure_period_id'))

    op.drop_table('figure')
    op.drop_table('figure_entry')
    op.drop_table('target')
    op.drop_table('split')
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_period_id'))

    op.drop_table('report')
    op.drop_table('reference')
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_session_account_id'))

    op.drop_table('login_session')
    op.drop_table('plan')
    op.drop_table('installation')
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_indicator_lead_agency_id'))

    op.drop_table('indicator')
    op.drop_table('account')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_attempt_login_at')
        batch_op.drop_index('ix_sign_in_attempt_address_at')

    op.drop_table('sign_in_attempt')
    op.drop_table('period')
    op.drop_table('change')
    with op.batch_alter_table('area', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_area_parent_id'))

    op.drop_table('area')
    op.drop_table('agency')
