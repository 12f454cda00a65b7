INSERT INTO llm_usage (
  id, request_id, attempt, replica, tenant_id, key_id, account, entry, operation, role_name,
  target, provider_name, request_model, upstream_model, prompt_version, streamed, cache_state, state,
  est_input_tokens, est_output_tokens, est_cost_nanos, cost_state, price_version,
  price_input_picos, price_output_picos, price_cache_read_picos, price_cache_write_picos, mark_up,
  net_cost_nanos, budgets, created_at)
VALUES (
  :#id, :#request_id, :#attempt, :#replica, :#tenant_id, :#key_id, :#account, :#entry, :#operation,
  :#role_name, :#target, :#provider_name, :#request_model, :#upstream_model, :#prompt_version, :#streamed, :#cache_state,
  'open', :#est_input_tokens, :#est_output_tokens, :#est_cost_nanos, :#cost_state, :#price_version,
  :#price_input_picos, :#price_output_picos, :#price_cache_read_picos, :#price_cache_write_picos,
  :#mark_up, :#net_cost_nanos, :#budgets, :#created_at)
