"""How the network that finds papers was made. Not needed to run the scanner.

    python -m venv training && training/bin/pip install -r scanner/training/requirements.txt
    training/bin/python -m scanner.training.album FOLDER --scenes 6000
    training/bin/python -m scanner.training.train FOLDER --steps 3000 --seed 1 -o weights.onnx

`album` draws scenes once, because drawing costs more than learning; `train` shows them to the
network, differently cropped, lit and blurred every time, and writes the ONNX file.
"""
