/** Chat and embeddings in the terms of Amazon Bedrock's runtime, and its answers in OpenAI's. */
@NullMarked
package dev.serai.dialect.bedrock;

import org.jspecify.annotations.NullMarked;
