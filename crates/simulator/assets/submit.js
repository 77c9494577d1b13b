// Posts the one form of the page to the application.
document.getElementById('submit').submit()
