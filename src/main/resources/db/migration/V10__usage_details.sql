-- What is needed, beside what is there, to compute the cost of a row anew from the row alone.
-- The service tier, null for the ordinary one; the mark-up in hundredths of a per cent, null for
-- none; what the provider charges by the list, before own prices and the mark-up.
ALTER TABLE llm_usage ADD COLUMN service_tier VARCHAR(16);
ALTER TABLE llm_usage ADD COLUMN mark_up INTEGER;
ALTER TABLE llm_usage ADD COLUMN net_cost_nanos BIGINT;

-- Rarer token counts and unit prices as name=value, separated by commas; null where there are none.
ALTER TABLE llm_usage ADD COLUMN usage_details VARCHAR(255);
ALTER TABLE llm_usage ADD COLUMN price_details VARCHAR(255);
