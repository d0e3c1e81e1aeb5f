// A client in Java over java.net.http.WebSocket that reads as clients on Android do: one frame from each WebSocket
// message, and headers up to the first that has a blank or a second colon in it, after which the body must begin.
// In: lines of base64, each a frame to send. Out: lines of base64, each a frame as it was read; "closed CODE" ends;
// "unreadable" is a message that such a client throws at.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

public class OneFrame {
  private static final Pattern HEADER = Pattern.compile("[^:\\s]+\\s*:\\s*[^:\\s]+");

  static String read(String message) {
    int at = message.indexOf('\n') + 1;
    if (at == 0) return "unreadable";
    for (;;) {
      int end = message.indexOf('\n', at);
      if (end < 0 || !HEADER.matcher(message.substring(at, end)).matches()) break;
      at = end + 1;
    }
    if (at >= message.length() || message.charAt(at) != '\n') return "unreadable";
    int end = message.indexOf('\0', at);
    String frame = end < 0 ? message : message.substring(0, end);
    return Base64.getEncoder().encodeToString(frame.getBytes(StandardCharsets.UTF_8));
  }

  public static void main(String[] words) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    StringBuilder pieces = new StringBuilder();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            pieces.append(data);
            if (last) {
              String message = pieces.toString();
              pieces.setLength(0);
              if (!message.isBlank()) System.out.println(read(message));
            }
            socket.request(1);
            return null;
          }

          @Override
          public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            System.out.println("closed " + code);
            over.countDown();
            return null;
          }

          @Override
          public void onError(WebSocket socket, Throwable error) {
            System.out.println("closed 1006");
            over.countDown();
          }
        };
    WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
    builder.subprotocols("v12.stomp");
    if (words.length > 1) builder.header("Authorization", "Bearer " + words[1]);
    WebSocket socket;
    try {
      socket = builder.buildAsync(URI.create(words[0]), listener).join();
    } catch (CompletionException error) {
      System.out.println("refused 0");
      return;
    }
    Thread speaker =
        new Thread(
            () -> {
              try {
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
                for (String line; (line = lines.readLine()) != null; ) {
                  String frame =
                      new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
                  socket.sendText(frame, true).join();
                }
                socket.sendClose(1000, "").join();
              } catch (Exception error) {
                // The socket has gone: the listener has said so.
              }
            });
    speaker.setDaemon(true);
    speaker.start();
    over.await();
    System.out.flush();
    System.exit(0);
  }
}
