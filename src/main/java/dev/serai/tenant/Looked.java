package dev.serai.tenant;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look-up found.
 *
 * @param value null when there is no such thing
 * @param readAt when the look-up began, by the clock of {@link ChangeMarks}
 * @param subjects whose change makes it old
 */
public record Looked<V>(@Nullable V value, long readAt, List<String> subjects) {}
