UPDATE llm_usage
   SET state = :#state,
       error_type = :#error_type,
       http_status = :#http_status,
       response_model = :#response_model,
       finish_reasons = :#finish_reasons,
       input_tokens = :#input_tokens,
       output_tokens = :#output_tokens,
       cache_read_tokens = :#cache_read_tokens,
       cache_write_tokens = :#cache_write_tokens,
       reasoning_tokens = :#reasoning_tokens,
       cost_nanos = :#cost_nanos,
       cost_state = :#cost_state,
       provider_cost_nanos = :#provider_cost_nanos,
       price_version = :#price_version,
       price_input_picos = :#price_input_picos,
       price_output_picos = :#price_output_picos,
       price_cache_read_picos = :#price_cache_read_picos,
       price_cache_write_picos = :#price_cache_write_picos,
       first_byte_micros = :#first_byte_micros,
       duration_micros = :#duration_micros,
       completed_at = :#completed_at
 WHERE id = :#id
   AND state IN ('open', 'unsettled')
