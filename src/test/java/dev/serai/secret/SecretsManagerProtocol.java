package dev.serai.secret;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.provider.AwsSignature;
import dev.serai.secret.StubServer.Answer;
import dev.serai.secret.StubServer.Request;
import java.util.Map;

/** AWS Secrets Manager's JSON 1.1 with its signature of version 4 worked out anew. */
record SecretsManagerProtocol(String keyId, String secretKey, Map<String, String> kept)
    implements StubServer.Protocol {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Answer answer(Request request) throws Exception {
    if (!request.header("content-type").equals("application/x-amz-json-1.1")
        || !request.header("x-amz-target").equals("secretsmanager.GetSecretValue")) {
      return new Answer(400, "{\"__type\":\"UnknownOperationException\"}");
    }
    AwsSignature signed = AwsSignature.of(request.header("authorization"));
    if (signed == null
        || !signed.keyId().equals(keyId)
        || !signed.service().equals("secretsmanager")
        || !signed.isOf(secretKey, request::header, request.body())) {
      return new Answer(
          400, "{\"__type\":\"InvalidSignatureException\",\"message\":\"does not match\"}");
    }
    String id = JSON.readTree(request.body()).path("SecretId").asText();
    String secret = kept.get(id);
    return secret == null
        ? new Answer(
            400, "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"can't find it\"}")
        : new Answer(
            200, JSON.writeValueAsString(Map.of("ARN", id, "Name", id, "SecretString", secret)));
  }
}
