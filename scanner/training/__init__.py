"""How the networks that find papers were made. Not needed to run the scanner.

    python -m venv training && training/bin/pip install -r scanner/training/requirements.txt
    alias train='training/bin/python -m'
    train scanner.training.album FOLDER --scenes 4300
    train scanner.training.train FOLDER --plates 4300 --steps 8000 -o finder.onnx
    train scanner.training.train_edges FOLDER --plates 4300 --steps 5000 -o edges.onnx
    train scanner.training.judge_album FOLDER --plates 4300
    train scanner.training.train_judge FOLDER --plates 4300 --steps 3000 -o judge.onnx

`album` draws scenes once, because drawing costs more than learning. `train` shows them to the
finder, differently cropped, lit and blurred every time; `train_edges` cuts strips along papers'
sides out of them. `judge_album` keeps what the finder in `scanner/detect/weights` proposes on every
plate, so that `train_judge` meets the very mistakes it will have to tell. Each writes its ONNX file
as it goes. `--start` goes on from a file written before, `--minutes` instead of `--steps` fits a
training into an evening.
"""
