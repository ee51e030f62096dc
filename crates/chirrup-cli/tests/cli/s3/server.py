"""S3 server with a bucket `birds` and a user whose requests must be signed. Prints its port and the keys of the user."""
import io
import json
import os
import threading

# Requests before this number need no signature: those that create the bucket and the user.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

app = DomainDispatcherApplication(create_backend_app)
lock = threading.Lock()


def one_at_a_time(environ, start_response):
    # A client that stops within a request must not hold the lock.
    environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    # The check of `If-None-Match` and the write after it are one step in S3, and two in moto.
    with lock:
        return list(app(environ, start_response))


class Handler(WSGIRequestHandler):
    def log_request(self, *args):
        pass


server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True, request_handler=Handler)
threading.Thread(target=server.serve_forever).start()
settings = {
    "endpoint_url": f"http://127.0.0.1:{server.port}",
    "region_name": "us-east-1",
    "aws_access_key_id": "none",
    "aws_secret_access_key": "none",
}
boto3.client("s3", **settings).create_bucket(Bucket="birds")
iam = boto3.client("iam", **settings)
iam.create_user(UserName="robin")
allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_user_policy(UserName="robin", PolicyName="s3", PolicyDocument=json.dumps(allowed))
key = iam.create_access_key(UserName="robin")["AccessKey"]
print(server.port, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
