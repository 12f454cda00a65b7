package dev.serai.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Secrets in files, as Docker and Kubernetes mount them. */
final class FileStore implements SecretStore {

  private static final int LARGEST = 64 << 10;

  @Override
  public @Nullable String fetch(Reference reference) throws SecretStoreException {
    Path file;
    try {
      file = Path.of(reference.place());
    } catch (InvalidPathException e) {
      throw new SecretStoreException("this is no path of a file");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new SecretStoreException("this is no ordinary file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw new SecretStoreException("the file is larger than 64 KB");
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(java.nio.ByteBuffer.wrap(content))
          .toString();
    } catch (NoSuchFileException e) {
      return null;
    } catch (CharacterCodingException e) {
      throw new SecretStoreException("the file is no UTF-8 text");
    } catch (IOException e) {
      throw new SecretStoreException("the file cannot be read");
    }
  }
}
