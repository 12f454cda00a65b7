package dev.serai.route;

import dev.serai.telemetry.LogText;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Says at each poll which files of the inbox are taken, and which of its folders are entered. What
 * will never be taken (links, folders in a role's folder) stays untouched and is named once.
 */
@Component("inboxFilter")
final class InboxFilter extends DefaultPollingConsumerPollStrategy
    implements GenericFileFilter<File> {

  private static final Logger LOG = LoggerFactory.getLogger("dev.serai.files");
  private static final int MOST_WARNINGS = 1_000;

  private final Path folder;
  private final InboxWatch watch;
  private final BooleanSupplier open;
  private final Map<String, Long> warned = new HashMap<>();
  private long poll;

  @Autowired
  InboxFilter(Inbox inbox, InboxWatch watch) {
    this(inbox.folder(), watch, inbox::open);
  }

  InboxFilter(Path folder, InboxWatch watch, BooleanSupplier open) {
    this.folder = folder;
    this.watch = watch;
    this.open = open;
  }

  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    if (!open.getAsBoolean()) {
      return false;
    }
    newPoll();
    return true;
  }

  void newPoll() {
    watch.newPoll();
    warned.values().removeIf(seen -> seen != poll);
    poll++;
  }

  @Override
  public boolean accept(GenericFile<File> found) {
    return accept(found.getRelativeFilePath(), found.isDirectory());
  }

  /** Whether a file is taken or a folder entered, by its name below the inbox. */
  boolean accept(String name, boolean directory) {
    Path relative;
    try {
      relative = Path.of(name);
    } catch (InvalidPathException e) {
      return warn(name, "its name is not in this system's character set: rename it");
    }
    Path path = folder.resolve(relative);
    FileState state = FileState.of(path);
    if (state == null || (!directory && !watch.ready(path, state))) {
      return false;
    }
    if (!Inbox.direct(folder, relative)) {
      return warn(name, "it is a link: put the file or folder itself into the inbox");
    }
    if (directory && relative.getNameCount() > 1) {
      return warn(name, "prompts are looked for in a role's folder, not in folders below it");
    }
    return true;
  }

  private boolean warn(String name, String reason) {
    boolean known = warned.containsKey(name);
    if (known || warned.size() < MOST_WARNINGS) {
      warned.put(name, poll);
    }
    if (!known && warned.containsKey(name)) {
      LOG.warn("file ignored name={}: {}", LogText.safe(name), reason);
    }
    return false;
  }
}
