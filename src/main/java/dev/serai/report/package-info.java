/** What was used, in the form in which it is told to operators and to callers. */
@NullMarked
package dev.serai.report;

import org.jspecify.annotations.NullMarked;
