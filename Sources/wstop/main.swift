print("wstop")
