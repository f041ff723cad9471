"""Registers: child-friendly communes and play areas

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

APPENDED = ("assessment_step", "score_entry", "safety_check", "play_standard")


def upgrade() -> None:
    op.create_table('checklist_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('for_pools', sa.Boolean(), nullable=False),
    sa.Column('text_vi', sa.String(length=500), nullable=False),
    sa.Column('text_en', sa.String(length=500), nullable=False),
    sa.Column('source_vi', sa.String(length=300), nullable=False),
    sa.Column('source_en', sa.String(length=300), nullable=False),
    sa.Column('is_essential', sa.Boolean(), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_checklist_item_certainty_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_item')),
    sa.UniqueConstraint('slug', name=op.f('uq_checklist_item_slug'))
    )
    op.create_table('rule_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name_vi', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('note_vi', sa.String(length=1000), nullable=False),
    sa.Column('note_en', sa.String(length=1000), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('total_points', sa.Integer(), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_rule_set_certainty_known')),
    sa.CheckConstraint('total_points > 0', name=op.f('ck_rule_set_total_positive')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_rule_set_valid_order')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_rule_set_version_positive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_set')),
    sa.UniqueConstraint('slug', name=op.f('uq_rule_set_slug'))
    )
    op.create_table('commune_class',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('commune_class', sa.String(length=40), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_commune_class_certainty_known')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_commune_class_version_positive')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_commune_class_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commune_class')),
    sa.UniqueConstraint('area_id', name=op.f('uq_commune_class_area_id'))
    )
    op.create_table('criterion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_set_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name_vi', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('basis_vi', sa.String(length=300), nullable=False),
    sa.Column('basis_en', sa.String(length=300), nullable=False),
    sa.Column('max_points', sa.Integer(), nullable=True),
    sa.Column('min_points', sa.Integer(), nullable=True),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.Column('is_illustrative', sa.Boolean(), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_criterion_certainty_known')),
    sa.CheckConstraint('NOT is_illustrative OR max_points IS NOT NULL', name=op.f('ck_criterion_illustrative_has_points')),
    sa.CheckConstraint('max_points > 0', name=op.f('ck_criterion_max_positive')),
    sa.CheckConstraint('min_points BETWEEN 1 AND max_points', name=op.f('ck_criterion_min_within_max')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_criterion_number_positive')),
    sa.ForeignKeyConstraint(['rule_set_id'], ['rule_set.id'], name=op.f('fk_criterion_rule_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criterion')),
    sa.UniqueConstraint('rule_set_id', 'number', name=op.f('uq_criterion_rule_set_id_number'))
    )
    op.create_table('evaluation_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_set_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_evaluation_round_certainty_known')),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_evaluation_round_month_range')),
    sa.ForeignKeyConstraint(['rule_set_id'], ['rule_set.id'], name=op.f('fk_evaluation_round_rule_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_round')),
    sa.UniqueConstraint('year', name=op.f('uq_evaluation_round_year'))
    )
    op.create_table('recognition_threshold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_set_id', sa.Integer(), nullable=False),
    sa.Column('commune_class', sa.String(length=40), nullable=False),
    sa.Column('name_vi', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_recognition_threshold_certainty_known')),
    sa.CheckConstraint('points > 0', name=op.f('ck_recognition_threshold_points_positive')),
    sa.ForeignKeyConstraint(['rule_set_id'], ['rule_set.id'], name=op.f('fk_recognition_threshold_rule_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recognition_threshold')),
    sa.UniqueConstraint('rule_set_id', 'commune_class', name=op.f('uq_recognition_threshold_rule_set_id_commune_class'))
    )
    op.create_table('assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('registered_on', sa.Date(), nullable=True),
    sa.Column('threshold', sa.Integer(), nullable=True),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'not_registered') = (registered_on IS NULL)", name=op.f('ck_assessment_registration_by_state')),
    sa.CheckConstraint("(state IN ('appraised', 'recognised', 'refused')) = (threshold IS NOT NULL)", name=op.f('ck_assessment_threshold_from_appraisal')),
    sa.CheckConstraint("state IN ('not_registered', 'registered', 'self_scored', 'appraised', 'recognised', 'refused')", name=op.f('ck_assessment_state_known')),
    sa.CheckConstraint('threshold > 0', name=op.f('ck_assessment_threshold_positive')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_assessment_version_positive')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_assessment_area_id')),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_assessment_changed_by')),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_round.id'], name=op.f('fk_assessment_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('area_id', 'round_id', name=op.f('uq_assessment_area_id_round_id'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_round_id'), ['round_id'], unique=False)

    op.create_table('criterion_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text_vi', sa.String(length=500), nullable=False),
    sa.Column('text_en', sa.String(length=500), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('indicator_code', sa.String(length=20), nullable=True),
    sa.Column('figure_note_vi', sa.String(length=500), nullable=False),
    sa.Column('figure_note_en', sa.String(length=500), nullable=False),
    sa.Column('certainty', sa.String(length=20), nullable=False),
    sa.Column('is_illustrative', sa.Boolean(), nullable=False),
    sa.CheckConstraint("certainty IN ('quoted', 'computed', 'inferred', 'recalled', 'not_found')", name=op.f('ck_criterion_item_certainty_known')),
    sa.CheckConstraint('NOT is_illustrative OR points IS NOT NULL', name=op.f('ck_criterion_item_illustrative_has_points')),
    sa.CheckConstraint('points > 0', name=op.f('ck_criterion_item_points_positive')),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_criterion_item_criterion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criterion_item')),
    sa.UniqueConstraint('criterion_id', 'position', name=op.f('uq_criterion_item_criterion_id_position'))
    )
    op.create_table('outlines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('(withdrawn_at IS NULL) = (withdrawn_by IS NULL)', name=op.f('ck_outlines_withdrawal_whole')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['account.id'], name=op.f('fk_outlines_uploaded_by')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['account.id'], name=op.f('fk_outlines_withdrawn_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outlines'))
    )
    op.create_table('play_standard',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('min_area_m2', sa.Integer(), nullable=True),
    sa.Column('needs_equipment', sa.Boolean(), nullable=False),
    sa.Column('needs_open_to_all', sa.Boolean(), nullable=False),
    sa.Column('max_check_age_months', sa.Integer(), nullable=True),
    sa.Column('walking_m', sa.Integer(), nullable=False),
    sa.Column('document', sa.String(length=300), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('max_check_age_months > 0', name=op.f('ck_play_standard_check_age_positive')),
    sa.CheckConstraint('min_area_m2 > 0', name=op.f('ck_play_standard_size_positive')),
    sa.CheckConstraint('walking_m > 0', name=op.f('ck_play_standard_walking_positive')),
    sa.ForeignKeyConstraint(['set_by'], ['account.id'], name=op.f('fk_play_standard_set_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_play_standard'))
    )
    op.create_table('quarter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('children', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('listed_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('thon', 'khu_pho')", name=op.f('ck_quarter_kind_known')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_quarter_position_whole')),
    sa.CheckConstraint('children >= 0', name=op.f('ck_quarter_children_not_negative')),
    sa.CheckConstraint('ended_on >= listed_on', name=op.f('ck_quarter_ended_after_listed')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90', name=op.f('ck_quarter_latitude_range')),
    sa.CheckConstraint('longitude BETWEEN -180 AND 180', name=op.f('ck_quarter_longitude_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_quarter_version_positive')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_quarter_area_id')),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_quarter_changed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarter')),
    sa.UniqueConstraint('area_id', 'name', name=op.f('uq_quarter_area_id_name'))
    )
    op.create_table('assessment_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('document_number', sa.String(length=60), nullable=False),
    sa.Column('document_date', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('taken_by', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("step IN ('register', 'withdraw', 'submit_scores', 'take_back', 'appraise', 'reopen_appraisal', 'recognise', 'refuse', 'revoke_decision')", name=op.f('ck_assessment_step_step_known')),
    sa.CheckConstraint('version >= 2', name=op.f('ck_assessment_step_version_follows')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_step_assessment_id')),
    sa.ForeignKeyConstraint(['taken_by'], ['account.id'], name=op.f('fk_assessment_step_taken_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_step')),
    sa.UniqueConstraint('assessment_id', 'version', name=op.f('uq_assessment_step_assessment_id_version'))
    )
    op.create_table('play_area',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('quarter_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('area_m2', sa.Integer(), nullable=True),
    sa.Column('opened_year', sa.Integer(), nullable=True),
    sa.Column('funding', sa.String(length=20), nullable=True),
    sa.Column('manager', sa.String(length=200), nullable=False),
    sa.Column('equipment_count', sa.Integer(), nullable=True),
    sa.Column('equipment_condition', sa.String(length=20), nullable=True),
    sa.Column('equipment_note', sa.String(length=500), nullable=False),
    sa.Column('is_free', sa.Boolean(), nullable=True),
    sa.Column('opening_hours', sa.String(length=120), nullable=False),
    sa.Column('age_from', sa.Integer(), nullable=True),
    sa.Column('age_to', sa.Integer(), nullable=True),
    sa.Column('is_open_to_all', sa.Boolean(), nullable=True),
    sa.Column('is_accessible', sa.Boolean(), nullable=True),
    sa.Column('has_shade', sa.Boolean(), nullable=True),
    sa.Column('has_toilet', sa.Boolean(), nullable=True),
    sa.Column('has_water', sa.Boolean(), nullable=True),
    sa.Column('has_drowning_prevention', sa.Boolean(), nullable=True),
    sa.Column('condition', sa.String(length=20), nullable=False),
    sa.Column('notes', sa.String(length=2000), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('registered_on', sa.Date(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.CheckConstraint("condition IN ('good', 'needs_repair', 'degraded', 'under_construction')", name=op.f('ck_play_area_condition_known')),
    sa.CheckConstraint("equipment_condition IN ('good', 'needs_repair', 'degraded', 'under_construction')", name=op.f('ck_play_area_equipment_condition_known')),
    sa.CheckConstraint("funding IN ('budget', 'social', 'mixed')", name=op.f('ck_play_area_funding_known')),
    sa.CheckConstraint("kind IN ('playground', 'children_park', 'culture_house', 'sports_ground', 'community_centre', 'children_house', 'park', 'pool', 'mobile_pool', 'library', 'school_yard', 'private')", name=op.f('ck_play_area_kind_known')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_play_area_position_whole')),
    sa.CheckConstraint('age_from <= age_to', name=op.f('ck_play_area_ages_in_order')),
    sa.CheckConstraint('age_from BETWEEN 0 AND 16', name=op.f('ck_play_area_age_from_range')),
    sa.CheckConstraint('age_to BETWEEN 0 AND 16', name=op.f('ck_play_area_age_to_range')),
    sa.CheckConstraint('area_m2 > 0', name=op.f('ck_play_area_size_positive')),
    sa.CheckConstraint('equipment_count >= 0', name=op.f('ck_play_area_equipment_not_negative')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90', name=op.f('ck_play_area_latitude_range')),
    sa.CheckConstraint('longitude BETWEEN -180 AND 180', name=op.f('ck_play_area_longitude_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_play_area_version_positive')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_play_area_area_id')),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_play_area_changed_by')),
    sa.ForeignKeyConstraint(['quarter_id'], ['quarter.id'], name=op.f('fk_play_area_quarter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_play_area')),
    sa.UniqueConstraint('code', name=op.f('uq_play_area_code')),
    sa.UniqueConstraint('token', name=op.f('uq_play_area_token'))
    )
    with op.batch_alter_table('play_area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_play_area_area_id'), ['area_id'], unique=False)

    op.create_table('score_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.String(length=2000), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.CheckConstraint("side IN ('self', 'appraised')", name=op.f('ck_score_entry_side_known')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_score_entry_points_not_negative')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_score_entry_version_positive')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_score_entry_assessment_id')),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_score_entry_criterion_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_score_entry_entered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_entry')),
    sa.UniqueConstraint('assessment_id', 'criterion_id', 'side', 'version', name=op.f('uq_score_entry_assessment_id_criterion_id_side_version')),
    sa.UniqueConstraint('token', name=op.f('uq_score_entry_token'))
    )
    op.create_table('scoring_band',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('at_least_bp', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.CheckConstraint('at_least_bp BETWEEN 0 AND 10000', name=op.f('ck_scoring_band_share_range')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_scoring_band_points_not_negative')),
    sa.ForeignKeyConstraint(['item_id'], ['criterion_item.id'], name=op.f('fk_scoring_band_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scoring_band')),
    sa.UniqueConstraint('item_id', 'at_least_bp', name=op.f('uq_scoring_band_item_id_at_least_bp'))
    )
    op.create_table('play_area_closure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('play_area_id', sa.Integer(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('reopened_on', sa.Date(), nullable=True),
    sa.Column('reopened_reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint('reopened_on >= closed_on', name=op.f('ck_play_area_closure_reopened_after_closed')),
    sa.ForeignKeyConstraint(['play_area_id'], ['play_area.id'], name=op.f('fk_play_area_closure_play_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_play_area_closure'))
    )
    with op.batch_alter_table('play_area_closure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_play_area_closure_play_area_id'), ['play_area_id'], unique=False)
        batch_op.create_index('uq_play_area_closure_open', ['play_area_id'], unique=True, sqlite_where=sa.text('reopened_on IS NULL'), postgresql_where=sa.text('reopened_on IS NULL'))

    op.create_table('play_photo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('play_area_id', sa.Integer(), nullable=False),
    sa.Column('jpeg', sa.LargeBinary(), nullable=False),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('caption', sa.String(length=200), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=False),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('(hidden_at IS NULL) = (hidden_by IS NULL)', name=op.f('ck_play_photo_hiding_whole')),
    sa.ForeignKeyConstraint(['added_by'], ['account.id'], name=op.f('fk_play_photo_added_by')),
    sa.ForeignKeyConstraint(['hidden_by'], ['account.id'], name=op.f('fk_play_photo_hidden_by')),
    sa.ForeignKeyConstraint(['play_area_id'], ['play_area.id'], name=op.f('fk_play_photo_play_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_play_photo')),
    sa.UniqueConstraint('play_area_id', 'sha256', name=op.f('uq_play_photo_play_area_id_sha256'))
    )
    op.create_table('safety_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('play_area_id', sa.Integer(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('checked_by', sa.String(length=200), nullable=False),
    sa.Column('result', sa.String(length=20), nullable=False),
    sa.Column('next_due', sa.Date(), nullable=True),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.CheckConstraint("result IN ('passed', 'to_repair', 'failed')", name=op.f('ck_safety_check_result_known')),
    sa.CheckConstraint('next_due > checked_on', name=op.f('ck_safety_check_due_after_check')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_safety_check_entered_by')),
    sa.ForeignKeyConstraint(['play_area_id'], ['play_area.id'], name=op.f('fk_safety_check_play_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_safety_check')),
    sa.UniqueConstraint('token', name=op.f('uq_safety_check_token'))
    )
    with op.batch_alter_table('safety_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_safety_check_play_area_id'), ['play_area_id'], unique=False)

    op.create_table('score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.String(length=2000), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("side IN ('self', 'appraised')", name=op.f('ck_score_side_known')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_score_points_not_negative')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_score_version_positive')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_score_assessment_id')),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_score_criterion_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_score_entered_by')),
    sa.ForeignKeyConstraint(['entry_id'], ['score_entry.id'], name=op.f('fk_score_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score')),
    sa.UniqueConstraint('assessment_id', 'criterion_id', 'side', name=op.f('uq_score_assessment_id_criterion_id_side')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_score_entry_id'))
    )
    with op.batch_alter_table('score', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_score_assessment_id'), ['assessment_id'], unique=False)

    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.add_column(sa.Column('derived_since', sa.Integer(), nullable=True))
    # The registers begin with the plan of 2021; what was typed for earlier years stays.
    op.execute("UPDATE indicator SET derived_since = 2021 WHERE derived_from IS NOT NULL")
    for table in APPENDED:
        for deed in ("UPDATE", "DELETE"):
            op.execute(_guard(table, deed))


def _guard(table: str, deed: str) -> str:
    head = f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        # The function stands since the first tables.
        return f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"



def downgrade() -> None:
    for table in APPENDED:
        for deed in ("update", "delete"):
            on_table = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
            op.execute(f"DROP TRIGGER {table}_no_{deed}{on_table}")
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.drop_column('derived_since')

    with op.batch_alter_table('score', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_score_assessment_id'))

    op.drop_table('score')
    with op.batch_alter_table('safety_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_safety_check_play_area_id'))

    op.drop_table('safety_check')
    op.drop_table('play_photo')
    with op.batch_alter_table('play_area_closure', schema=None) as batch_op:
        batch_op.drop_index('uq_play_area_closure_open', sqlite_where=sa.text('reopened_on IS NULL'), postgresql_where=sa.text('reopened_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_play_area_closure_play_area_id'))

    op.drop_table('play_area_closure')
    op.drop_table('scoring_band')
    op.drop_table('score_entry')
    with op.batch_alter_table('play_area', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_play_area_area_id'))

    op.drop_table('play_area')
    op.drop_table('assessment_step')
    op.drop_table('quarter')
    op.drop_table('play_standard')
    op.drop_table('outlines')
    op.drop_table('criterion_item')
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_round_id'))

    op.drop_table('assessment')
    op.drop_table('recognition_threshold')
    op.drop_table('evaluation_round')
    op.drop_table('criterion')
    op.drop_table('commune_class')
    op.drop_table('rule_set')
    op.drop_table('checklist_item')
