// A client in Java that reads as clients on Android do: one frame from each WebSocket message, and headers up to the
// first that has a blank or a second colon in it, after which the body must begin.

import java.util.List;
import java.util.regex.Pattern;

class OneFrame {
  private static final Pattern HEADER = Pattern.compile("[^:\\s]+\\s*:\\s*[^:\\s]+");

  static List<String> read(String message) {
    if (message.isBlank()) return List.of();
    int at = message.indexOf('\n') + 1;
    if (at == 0) throw new IllegalArgumentException("no line");
    for (;;) {
      int end = message.indexOf('\n', at);
      if (end < 0 || !HEADER.matcher(message.substring(at, end)).matches()) break;
      at = end + 1;
    }
    if (at >= message.length() || message.charAt(at) != '\n') {
      throw new IllegalArgumentException("no body after the headers");
    }
    int end = message.indexOf('\0', at);
    return List.of(end < 0 ? message : message.substring(0, end));
  }

  public static void main(String[] words) throws Exception {
    Talk.over(words, OneFrame::read);
  }
}
