package dev.serai.egress;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The model all-MiniLM-L6-v2 of its Maven artifact. Not its artifact's own class: that one cuts
 * every text after 126 tokens without a word. Here a longer text is cut into pieces of up to 510,
 * and its vector is the mean of theirs, by their length.
 */
final class MiniLm extends AbstractInProcessEmbeddingModel {

  private static final String MODEL = "/all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OnnxBertBiEncoder encoder;

  /** Loads it, which takes a second or two and some 200 MB outside of the heap. */
  MiniLm() {
    super(Runnable::run);
    // Its tokenizer would otherwise tell its makers, from EC2, which machine it runs on.
    System.setProperty("OPT_OUT_TRACKING", "true");
    Path file = null;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Its threads would otherwise go on spinning for the next call, on cores that others need.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      // By a file, because its 90 MB would otherwise have to fit into the heap, twice.
      file = Files.createTempFile("serai-", ".onnx");
      try (InputStream in = resource(MODEL)) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      OrtSession session = environment.createSession(file.toString(), options);
      encoder =
          new OnnxBertBiEncoder(
              environment, session, new ByteArrayInputStream(tokenizer()), PoolingMode.MEAN);
    } catch (OrtException e) {
      throw new IllegalStateException("the model in the process cannot be loaded", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(file);
    }
  }

  private static byte[] tokenizer() throws IOException {
    try (InputStream in = resource(TOKENIZER)) {
      ObjectNode tokenizer = (ObjectNode) JSON.readTree(in);
      tokenizer.putNull("truncation");
      tokenizer.putNull("padding");
      return JSON.writeValueAsBytes(tokenizer);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = MiniLm.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException(name);
    }
    return in;
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  @Override
  protected OnnxBertBiEncoder model() {
    return encoder;
  }
}
