package dev.serai.admin;

import java.io.IOException;
import java.io.InputStream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Gives out the description of the whole HTTP contract. */
@RestController
@RequestMapping("/admin/v1/openapi.yaml")
final class OpenApiController {

  private static final ClassPathResource DOCUMENT = new ClassPathResource("openapi.yaml");

  /** OpenAPI 3.1, as it is in the jar. */
  @GetMapping
  ResponseEntity<byte[]> document() throws IOException {
    try (InputStream in = DOCUMENT.getInputStream()) {
      return ResponseEntity.ok()
          .contentType(new MediaType("application", "yaml"))
          .body(in.readAllBytes());
    }
  }
}
