// A client in Java that reads as the STOMP codec of Spring does. Its rules, which differ from those of a lenient reader:
// a message may hold several frames, and a frame may be spread over several messages, up to 64 KB;
// a carriage return stands only before a line feed; the command is one that STOMP knows;
// a header has a name before its colon; the escapes of STOMP 1.2 are undone in every frame, CONNECTED too;
// content-length counts bytes, and a NUL follows them; only MESSAGE, ERROR and SEND have a body;
// content-type is a MIME type; heart-beat is two whole numbers.

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

class SpringRules {
  private static final int LIMIT = 64 * 1024;
  private static final Set<String> WITH_BODY = Set.of("MESSAGE", "ERROR", "SEND");
  private static final Set<String> WITHOUT_BODY =
      Set.of(
          "STOMP", "CONNECT", "DISCONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN",
          "COMMIT", "ABORT", "CONNECTED", "RECEIPT");
  private static final Pattern ESCAPED = Pattern.compile("([^\\\\]|\\\\[rnc\\\\])*");
  private static final Pattern MIME = Pattern.compile("[\\w!#$&^.+*-]+/[\\w!#$&^.+*-]+(;.*)?");
  private static final Pattern BEATS = Pattern.compile("\\d+,\\d+");

  /** What is left of a frame that is not whole yet. */
  private byte[] rest = {};

  List<String> read(String message) {
    byte[] more = message.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOf(rest, rest.length + more.length);
    System.arraycopy(more, 0, bytes, rest.length, more.length);
    List<String> frames = new ArrayList<>();
    int at = afterLineEnds(bytes, 0);
    for (int end; at < bytes.length && (end = endOfFrame(bytes, at)) >= 0; ) {
      frames.add(text(bytes, at, end));
      at = afterLineEnds(bytes, end + 1);
    }
    rest = Arrays.copyOfRange(bytes, at, bytes.length);
    if (rest.length > LIMIT) throw new IllegalArgumentException("over 64 KB");
    return frames;
  }

  /** Where the NUL of the frame is; -1 where the frame is not whole. */
  private static int endOfFrame(byte[] bytes, int start) {
    int line = endOfLine(bytes, start);
    if (line < 0) return -1;
    String command = line(bytes, start, line);
    if (!WITH_BODY.contains(command) && !WITHOUT_BODY.contains(command)) {
      throw new IllegalArgumentException("command " + command);
    }
    int length = -1;
    for (int at = line + 1; ; at = line + 1) {
      line = endOfLine(bytes, at);
      if (line < 0) return -1;
      String header = line(bytes, at, line);
      if (header.isEmpty()) break;
      int colon = header.indexOf(':');
      if (colon <= 0) throw new IllegalArgumentException("header " + header);
      if (!ESCAPED.matcher(header).matches()) throw new IllegalArgumentException("escape " + header);
      String value = header.substring(colon + 1);
      switch (header.substring(0, colon)) {
        case "content-length" -> length = Integer.parseInt(value);
        case "content-type" -> demand(MIME, value);
        case "heart-beat" -> demand(BEATS, value);
        default -> {}
      }
    }
    int body = line + 1;
    int end = body + length;
    if (length < 0) for (end = body; end < bytes.length && bytes[end] != 0; ) end++;
    if (end >= bytes.length) return -1;
    if (bytes[end] != 0) throw new IllegalArgumentException("no NUL after content-length");
    if (end > body && !WITH_BODY.contains(command)) {
      throw new IllegalArgumentException(command + " with a body");
    }
    return end;
  }

  private static int afterLineEnds(byte[] bytes, int start) {
    int at = start;
    while (at < bytes.length && (bytes[at] == '\n' || bytes[at] == '\r')) {
      if (bytes[at] == '\r') demandLineFeed(bytes, at);
      at++;
    }
    return at;
  }

  private static int endOfLine(byte[] bytes, int start) {
    for (int at = start; at < bytes.length; at++) {
      if (bytes[at] == '\n') return at;
      if (bytes[at] == '\r') demandLineFeed(bytes, at);
    }
    return -1;
  }

  private static void demandLineFeed(byte[] bytes, int at) {
    if (at + 1 >= bytes.length || bytes[at + 1] != '\n') {
      throw new IllegalArgumentException("a lone carriage return");
    }
  }

  private static void demand(Pattern pattern, String value) {
    if (!pattern.matcher(value).matches()) throw new IllegalArgumentException(value);
  }

  /** A line without its end, which may be two bytes. */
  private static String line(byte[] bytes, int start, int end) {
    return text(bytes, start, end > start && bytes[end - 1] == '\r' ? end - 1 : end);
  }

  private static String text(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  public static void main(String[] words) throws Exception {
    Talk.over(words, new SpringRules()::read);
  }
}
