// A client in Go over gorilla/websocket that reads one frame from each WebSocket message and drops what follows it.
// In: lines of base64, each a frame to send. Out: lines of base64, each a frame as it was read; "closed CODE" ends.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

func main() {
	dialer := websocket.Dialer{Subprotocols: []string{"v12.stomp"}}
	header := http.Header{}
	if len(os.Args) > 2 {
		header.Set("Authorization", "Bearer "+os.Args[2])
	}
	connection, response, err := dialer.Dial(os.Args[1], header)
	if err != nil {
		status := 0
		if response != nil {
			status = response.StatusCode
		}
		fmt.Println("refused", status)
		return
	}
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			frame, _ := base64.StdEncoding.DecodeString(lines.Text())
			if connection.WriteMessage(websocket.TextMessage, frame) != nil {
				return
			}
		}
		connection.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
	}()
	for {
		_, message, err := connection.ReadMessage()
		if err != nil {
			code := 1006
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				code = closed.Code
			}
			fmt.Println("closed", code)
			return
		}
		end := bytes.IndexByte(message, 0)
		if end < 0 {
			continue
		}
		fmt.Println(base64.StdEncoding.EncodeToString(message[:end]))
	}
}
