/** Anthropic's Messages API: OpenAI's requests in its words, and its answers in OpenAI's. */
@NullMarked
package dev.serai.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
