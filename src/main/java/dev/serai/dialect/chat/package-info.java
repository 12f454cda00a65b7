/**
 * What the dialects that are not OpenAI's share: a chat request as neutral records, and the answers
 * and chunks of OpenAI's form that they are turned into.
 */
@NullMarked
package dev.serai.dialect.chat;

import org.jspecify.annotations.NullMarked;
