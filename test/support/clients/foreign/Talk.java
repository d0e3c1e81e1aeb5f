// The WebSocket of the Java clients, over java.net.http.WebSocket.
// In: lines of base64, each a frame to send. Out: lines of base64, each a frame as it was read; "closed CODE" ends;
// "unreadable" is a message that such a client throws at.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

class Talk {
  /**
   * Talks until the connection is over.
   *
   * @param words the URL, and an access token for the Authorization header of the upgrade
   * @param reader the frames in a WebSocket message, without their NUL; throws at what it cannot read
   */
  static void over(String[] words, Function<String, List<String>> reader) throws Exception {
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
              try {
                for (String frame : reader.apply(message)) System.out.println(encode(frame));
              } catch (IllegalArgumentException error) {
                System.out.println("unreadable: " + error.getMessage());
              }
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
    Thread speaker = new Thread(() -> speak(socket));
    speaker.setDaemon(true);
    speaker.start();
    over.await();
    System.out.flush();
    System.exit(0);
  }

  private static void speak(WebSocket socket) {
    try {
      BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
      for (String line; (line = lines.readLine()) != null; ) {
        byte[] frame = Base64.getDecoder().decode(line);
        socket.sendText(new String(frame, StandardCharsets.UTF_8), true).join();
      }
      socket.sendClose(1000, "").join();
    } catch (Exception error) {
      // The socket has gone: the listener has said so.
    }
  }

  private static String encode(String frame) {
    return Base64.getEncoder().encodeToString(frame.getBytes(StandardCharsets.UTF_8));
  }
}
